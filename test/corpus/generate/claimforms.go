package main

import (
	"strconv"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// types: registered parameters and claims of a type that they must not have. Several of them end a process that
// converts without asking (CWE-248), before any signature is looked at; so each is there unsigned too.
func types(b *builder) {
	both := func(name, header, payload string) {
		b.add(name, mainRule, b.hs(header, payload), malformed)
		b.add(name+", no signature", mainRule, forge.Compact("", nil, header, payload), malformed)
	}
	for _, value := range []string{"1", "null", "true", "[]", "{}", `["JWT"]`, "1.5"} {
		both("typ "+value, `{"alg":"HS256","typ":`+value+`}`, payload)
		both("alg "+value, `{"alg":`+value+`,"typ":"JWT"}`, payload)
		both("kid "+value, `{"alg":"HS256","typ":"JWT","kid":`+value+`}`, payload)
		both("iss "+value, header, `{"iss":`+value+`,"sub":"alice"}`)
		b.add("iss "+value+", where none is configured", "any-issuer", b.hs(header, `{"iss":`+value+`,"sub":"alice"}`), malformed)
		both("sub "+value, header, claims(`"sub":`+value))
		both("jti "+value, header, claims(`"sub":"alice","jti":`+value))
	}
	both("alg list of the right one", `{"alg":["HS256"],"typ":"JWT"}`, payload)
	both("iss list of the right one", header, `{"iss":["https://issuer.test"],"sub":"alice"}`)
	for _, value := range []string{"1", "null", "true", "{}", "[1]", `["api",1]`, "[null]", `[["api"]]`, `{"0":"api"}`} {
		both("aud "+value, header, claims(`"sub":"alice","aud":`+value))
	}
	for _, value := range []string{"[]", `["alg","HS256"]`, `"x"`, "1", "null", "true", "", " "} {
		both("header is "+jsonText(value), value, payload)
		both("payload is "+jsonText(value), header, value)
	}
	both("header is {}", "{}", payload)
	both("payload is a list of the right one", header, "["+payload+"]")
	b.add("payload is {}", mainRule, b.hs(header, "{}"), badIssuer)
	b.accept("other claims of any type", mainRule,
		b.hs(header, claims(`"sub":"alice","a":null,"b":[1,{"c":true}],"d":-1.5e-7,"e":{},"f":""`)), "alice")
}

// typValues: the media types of a JWT and of what it is not (RFC 7519 §5.1, RFC 8725 §3.11).
func typValues(b *builder) {
	typed := func(typ string) string { return b.hs(`{"alg":"HS256","typ":`+jsonText(typ)+`}`, payload) }
	for _, typ := range []string{
		"JWT", "jwt", "Jwt", "at+jwt", "AT+JWT", "application/jwt", "application/at+jwt", "APPLICATION/JWT", "secevent+jwt", "dpop+jwt",
		"vnd.example.token+jwt",
	} {
		b.accept(typ, mainRule, typed(typ), "alice")
	}
	b.accept("none", mainRule, b.hs(`{"alg":"HS256"}`, payload), "alice")
	b.accept("escaped", mainRule, b.hs(`{"alg":"HS256","typ":"\u004aWT"}`, payload), "alice")
	for _, typ := range []string{
		"", " ", "JWS", "JWE", "JOSE", "JOSE+JSON", "+jwt", "application/", "application/+jwt", "text/jwt", "jwt+json", "JWT ", " JWT", "xjwt", "at+jwt;v=1", "JWT\x00",
		"application/json", "applicationjwt", "ＪＷＴ",
	} {
		b.add(jsonText(typ), mainRule, typed(typ), badType)
	}
	b.accept("at+jwt where it is demanded", "access-token", typed("at+jwt"), "alice")
	b.accept("application/AT+JWT where at+jwt is demanded", "access-token", typed("application/AT+JWT"), "alice")
	b.add("JWT where at+jwt is demanded", "access-token", typed("JWT"), badType)
	b.add("none where at+jwt is demanded", "access-token", b.hs(`{"alg":"HS256"}`, payload), badType)
}

// issuers: "iss" is compared with the configured one, to the letter (RFC 7519 §4.1.1, RFC 8725 §3.8).
func issuers(b *builder) {
	from := func(iss string) string { return b.hs(header, `{"iss":`+jsonText(iss)+`,"sub":"alice"}`) }
	for _, iss := range []string{
		"https://attacker.test", "", "https://issuer.test/", "https://issuer.tes", "https://issuer.test.attacker.test", "HTTPS://ISSUER.TEST",
		" https://issuer.test", "https://issuer.test ", "https://issuer.test\x00", "https://issuer.test#", "https://ıssuer.test", "*",
	} {
		b.add(jsonText(iss), mainRule, from(iss), badIssuer)
	}
	b.add("missing", mainRule, b.hs(header, `{"sub":"alice"}`), badIssuer)
	b.add("in the header alone", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","iss":"https://issuer.test"}`, `{"sub":"alice"}`), badIssuer)
	b.add("deeper", mainRule, b.hs(header, `{"x":{"iss":"https://issuer.test"},"sub":"alice"}`), badIssuer)
	b.accept("escaped", mainRule, b.hs(header, `{"iss":"https:\/\/issuer\u002etest","sub":"alice"}`), "alice")
	b.accept("any, where none is configured", "any-issuer", from("https://anyone.test"), "alice")
	b.accept("none, where none is configured", "any-issuer", b.hs(header, `{"sub":"alice"}`), "alice")
	b.accept("empty, where none is configured", "any-issuer", from(""), "alice")
	b.accept("names the user, where there is no path", "issuer-names", b.hs(header, `{"iss":"https://issuer.test"}`), "https://issuer.test")
	b.add("of another, where it names the user", "issuer-names", from("alice"), badIssuer)
}

// users: whom the claims name.
func users(b *builder) {
	named := func(value string) string { return b.hs(header, claims(`"sub":`+jsonText(value))) }
	for _, name := range corpus.Users() {
		b.accept("string "+jsonText(name), mainRule, named(name), name)
	}
	b.accept("escaped", mainRule, b.hs(header, claims(`"sub":"\u0061\u006cice"`)), "alice")
	b.accept("escaped 张三", mainRule, b.hs(header, claims(`"sub":"\u5f20\u4e09"`)), "张三")
	b.accept("escapes of one letter", mainRule, b.hs(header, claims(`"sub":"quote\"back\\slash\/"`)), `quote"back\slash/`)
	for _, name := range []string{"bob", "Alice", "ALICE", "alice ", "alice\x00", "\talice", "аlice", "Ju\u0308rgen", "alice,42", "*", "al%69ce", "../alice", "alice\n"} {
		b.add("unknown "+jsonText(name), mainRule, named(name), unknown)
	}
	member := func(value string) string { return b.hs(header, claims(`"name":`+value)) }
	for _, number := range []string{"42", "-7", "1.0", "4.2e1", "12345678901234567890", "0"} {
		b.accept("number "+number, "path-member", member(number), number)
	}
	for _, number := range []string{"42.0", "43", "1", "1.00", "42e0", "12345678901234567891", "-0"} {
		b.add("unknown number "+number, "path-member", member(number), unknown)
	}
	for _, value := range []string{"null", "true", "false", `""`, "[]", "{}", `["alice"]`, `{"alice":1}`} {
		b.add("value "+value, "path-member", member(value), noUser)
	}
	b.add("missing", mainRule, b.hs(header, claims(`"name":"alice"`)), noUser)
	b.add("empty sub", mainRule, named(""), noUser)
	paths(b)
}

// paths: places of the name.
func paths(b *builder) {
	found := map[string]string{
		"path-nested": `"user":{"name":"alice"}`, "path-gjson": `"user":{"name":"alice"}`, "path-brackets": `"a.b":{"c d":"alice"}`,
		"path-index": `"names":["bob","alice"]`, "path-last": `"names":["bob","alice"]`, "path-descent": `"x":{"y":[{"name":"alice"}]}`,
		"path-zero": `"0":"alice"`, "path-member": `"name":"alice"`,
	}
	for _, rule := range sorted(found) {
		b.accept(rule+" "+found[rule], rule, b.hs(header, claims(found[rule])), "alice")
	}
	for i, c := range []struct{ rule, members string }{
		{"path-nested", `"user":"alice"`},
		{"path-nested", `"user.name":"alice"`},
		{"path-nested", `"user":{"Name":"alice"}`},
		{"path-nested", `"user":[{"name":"alice"}]`},
		{"path-gjson", `"user":{"x":"alice"}`},
		{"path-brackets", `"a":{"b":{"c d":"alice"}}`},
		{"path-index", `"names":["alice"]`},
		{"path-index", `"names":{"1":"alice"}`},
		{"path-index", `"names":"alice"`},
		{"path-last", `"names":[]`},
		{"path-descent", `"x":{"y":1}`},
		{"path-zero", `"names":["alice"]`},
		{"path-member", `"user":{"name":"alice"}`},
	} {
		b.add(c.rule+" finds nothing "+strconv.Itoa(i+1)+" "+c.members, c.rule, b.hs(header, claims(c.members)), noUser)
	}
	b.accept("path-descent takes the first", "path-descent", b.hs(header, claims(`"a":{"name":"alice"},"b":{"name":"42"}`)), "alice")
	b.accept("path-descent takes the first, the other way round", "path-descent",
		b.hs(header, claims(`"b":{"name":"alice"},"a":{"name":"42"}`)), "alice")
	b.accept("path-descent to a number", "path-descent", b.hs(header, claims(`"x":{"name":4.2e1}`)), "4.2e1")
	b.accept("path-descent to a long number", "path-descent", b.hs(header, claims(`"x":{"name":12345678901234567890}`)), "12345678901234567890")
}

// claimDemands: audience, lifetime, and claims that a rule requires.
func claimDemands(b *builder) {
	to := func(aud string) string { return b.hs(header, claims(`"sub":"alice","aud":`+aud)) }
	for _, aud := range []string{`"api"`, `"other"`, `["api"]`, `["x","other"]`, `["x","api","y"]`, `"\u0061pi"`} {
		b.accept("aud "+aud, "audience", to(aud), "alice")
	}
	for _, aud := range []string{`"x"`, `[]`, `["x"]`, `""`, `"API"`, `"api,other"`, `"api "`, `["api,x"]`, `"[\"api\"]"`, `"ap"`} {
		b.add("aud "+aud, "audience", to(aud), badAud)
	}
	b.add("no aud", "audience", b.hs(header, claims(`"sub":"alice"`)), badAud)
	b.add("AUD", "audience", b.hs(header, claims(`"sub":"alice","AUD":"api"`)), badAud)
	b.accept("any aud, where none is configured", mainRule, to(`["x"]`), "alice")

	living := func(members string) string { return b.hs(header, claims(`"sub":"alice",`+members)) }
	b.accept("as long as allowed", "lifetime", living(`"iat":1767225000,"exp":1767228600`), "alice")
	b.edge()
	b.add("half a second longer", "lifetime", living(`"iat":1767225000,"exp":1767228600.5`), tooLong)
	b.edge()
	b.add("for ever", "lifetime", living(`"iat":0,"exp":4102444800`), tooLong)
	b.add("no iat", "lifetime", living(`"exp":4102444800`), missing)
	b.add("no exp", "lifetime", living(`"iat":1767225000`), missing)

	b.accept("all that is required", "scope", living(`"scope":"read","tenant":{"id":7}`), "alice")
	b.accept("in lists", "scope", living(`"scope":["write","read"],"tenant":{"id":["7"]}`), "alice")
	b.add("another value", "scope", living(`"scope":"write","tenant":{"id":7}`), badClaim)
	b.add("a list without it", "scope", living(`"scope":["write"],"tenant":{"id":7}`), badClaim)
	b.add("a list in a string", "scope", living(`"scope":"[\"read\"]","tenant":{"id":7}`), badClaim)
	b.add("nothing there", "scope", living(`"x":1`), missing)
	b.add("one not there", "scope", living(`"scope":"read"`), missing)
	b.add("null", "scope", living(`"scope":null,"tenant":{"id":7}`), badClaim)
	b.accept("another spelling of a number", "scope", living(`"scope":"read","tenant":{"id":7.0}`), "alice")
}
