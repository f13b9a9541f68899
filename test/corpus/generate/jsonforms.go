package main

import (
	"strconv"
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// claims returns a payload with the usual issuer and these members.
func claims(members string) string { return `{"iss":"https://issuer.test",` + members + `}` }

// duplicates: a member twice, of which readers take the first, the last, or both (RFC 7515 §4, RFC 7519 §4).
func duplicates(b *builder) {
	headers := map[string]string{
		"alg, the same": `{"alg":"HS256","typ":"JWT","alg":"HS256"}`, "alg, none first": `{"alg":"none","typ":"JWT","alg":"HS256"}`,
		"alg, none last": `{"alg":"HS256","typ":"JWT","alg":"none"}`, "alg, escaped": `{"alg":"HS256","typ":"JWT","\u0061lg":"none"}`,
		"alg, null last": `{"alg":"HS256","alg":null}`, "typ": `{"alg":"HS256","typ":"JWT","typ":"JWT"}`,
		"kid": `{"alg":"HS256","kid":"a","kid":"b"}`, "unknown member": `{"alg":"HS256","x":1,"x":1}`,
		"crit, none last": `{"alg":"HS256","crit":["x"],"crit":[]}`, "empty name": `{"alg":"HS256","":1,"":2}`,
	}
	for _, name := range sorted(headers) {
		b.add("header, "+name, mainRule, b.hs(headers[name], payload), malformed)
	}
	payloads := map[string]string{
		"iss, other first": `"iss":"https://attacker.test","sub":"alice"`, "iss, the same": `"iss":"https://issuer.test","sub":"alice"`,
		"sub": `"sub":"alice","sub":"bob"`, "sub, bob first": `"sub":"bob","sub":"alice"`, "sub, escaped": `"sub":"bob","\u0073ub":"alice"`,
		"sub, both escaped": `"\u0073ub":"bob","s\u0075b":"alice"`, "exp, past first": `"sub":"alice","exp":1,"exp":4102444800`,
		"exp, past last": `"sub":"alice","exp":4102444800,"exp":1`, "exp, null last": `"sub":"alice","exp":1,"exp":null`,
		"nbf": `"sub":"alice","nbf":4102444800,"nbf":1`, "aud": `"sub":"alice","aud":"a","aud":"api"`,
		"unknown claim": `"sub":"alice","x":1,"x":2`, "objects": `"sub":"alice","x":{"a":1},"x":{"b":2}`,
		"among many": `"sub":"alice",` + manyMembers(40) + `,"m7":0`, "among many, escaped": `"sub":"alice",` + manyMembers(40) + `,"\u006d7":0`,
		"far apart": `"sub":"alice",` + manyMembers(200) + `,"iss":"https://issuer.test"`,
	}
	for _, name := range sorted(payloads) {
		b.add("payload, "+name, mainRule, b.hs(header, claims(payloads[name])), malformed)
	}
	b.accept("in a member's own object", mainRule, b.hs(header, claims(`"sub":"alice","x":{"a":1,"a":2}`)), "alice")
	b.accept("the same name in two objects", mainRule, b.hs(header, claims(`"sub":"alice","x":{"sub":"bob"},"y":[{"sub":"bob"}]`)), "alice")
	b.accept("many members, none twice", mainRule, b.hs(header, claims(`"sub":"alice",`+manyMembers(200))), "alice")
}

// manyMembers are so many members with names of their own.
func manyMembers(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"m` + strconv.Itoa(i) + `":` + strconv.Itoa(i)
	}
	return strings.Join(members, ",")
}

// memberCase: names are compared to the letter (RFC 7515 §4): another case is another member, which says nothing.
func memberCase(b *builder) {
	ignored := map[string]string{
		"ALG": `{"alg":"HS256","typ":"JWT","ALG":"none"}`, "Alg first": `{"Alg":"none","alg":"HS256","typ":"JWT"}`,
		"CRIT": `{"alg":"HS256","typ":"JWT","CRIT":["x"]}`, "B64": `{"alg":"HS256","typ":"JWT","B64":false}`, "Zip": `{"alg":"HS256","typ":"JWT","Zip":"DEF"}`,
		"TYP": `{"alg":"HS256","typ":"JWT","TYP":"JWE"}`, "KID of another type": `{"alg":"HS256","typ":"JWT","KID":1}`,
		"kid with the Kelvin sign": `{"alg":"HS256","typ":"JWT","` + "\u212a" + `id":1}`,
	}
	for _, name := range sorted(ignored) {
		b.accept("header, "+name, mainRule, b.hs(ignored[name], payload), "alice")
	}
	b.add("header, ALG alone", mainRule, b.hs(`{"ALG":"HS256","typ":"JWT"}`, payload), malformed)
	b.add("header, alg with a blank", mainRule, b.hs(`{"alg ":"HS256","typ":"JWT"}`, payload), malformed)
	b.accept("payload, EXP past", mainRule, b.hs(header, claims(`"sub":"alice","exp":4102444800,"EXP":1`)), "alice")
	b.accept("payload, Exp is no number", mainRule, b.hs(header, claims(`"sub":"alice","Exp":"x"`)), "alice")
	b.accept("payload, SUB of another", mainRule, b.hs(header, claims(`"sub":"alice","SUB":"bob"`)), "alice")
	b.accept("payload, ſub of another", mainRule, b.hs(header, claims(`"sub":"alice","`+"\u017f"+`ub":"bob"`)), "alice")
	b.add("payload, EXP alone where exp is required", "require-exp", b.hs(header, claims(`"sub":"alice","EXP":4102444800`)), missing)
	b.add("payload, exp past, EXP not", mainRule, b.hs(header, claims(`"sub":"alice","exp":1,"EXP":4102444800`)), expired)
	b.add("payload, ISS alone", mainRule, b.hs(header, `{"ISS":"https://issuer.test","sub":"alice"}`), badIssuer)
	b.add("payload, iſs alone", mainRule, b.hs(header, `{"i`+"\u017f"+`s":"https://issuer.test","sub":"alice"}`), badIssuer)
	b.add("payload, iss of another, Iss right", mainRule,
		b.hs(header, `{"iss":"https://attacker.test","Iss":"https://issuer.test","sub":"alice"}`), badIssuer)
	b.add("payload, SUB alone", mainRule, b.hs(header, claims(`"SUB":"alice"`)), noUser)
	b.add("payload, ſub alone", mainRule, b.hs(header, claims(`"`+"\u017f"+`ub":"alice"`)), noUser)
}

// trailing: something after the one JSON value, or before it (RFC 7515 §5.2, RFC 7519 §7.2).
func trailing(b *builder) {
	tails := map[string]string{
		"a letter": "x", "another object": `{"alg":"none"}`, "a bracket": "]", "a brace": "}", "NUL": "\x00", "a comma": ",", "a comment": "/**/",
		"an object on a new line": "\n{}", "no-break space": "\u00a0", "form feed": "\f", "vertical tab": "\v", "a string": `""`,
	}
	for _, name := range sorted(tails) {
		b.add("header, "+name, mainRule, b.hs(header+tails[name], payload), malformed)
		b.add("payload, "+name, mainRule, b.hs(header, payload+tails[name]), malformed)
	}
	heads := map[string]string{"byte order mark": "\ufeff", "XSSI guard": ")]}',\n", "a comment": "// x\n", "NUL": "\x00", "a comma": ","}
	for _, name := range sorted(heads) {
		b.add("before the header, "+name, mainRule, b.hs(heads[name]+header, payload), malformed)
		b.add("before the payload, "+name, mainRule, b.hs(header, heads[name]+payload), malformed)
	}
	for _, text := range []string{
		`{"alg":"HS256","typ":"JWT",}`, `{"alg":"HS256" "typ":"JWT"}`, `{'alg':'HS256'}`, `{alg:"HS256"}`, `{"alg":"HS256"`, `{"alg"}`, `{"alg":}`,
		`{"alg":"HS256","x":tru}`, `{"alg":"HS256","x":[1,]}`, `{"alg":"HS256","x":"` + "\t" + `"}`, `{"alg":"HS256","x":"\x41"}`, `{"alg":"HS256","x":undefined}`,
	} {
		b.add("header, no JSON: "+text, mainRule, b.hs(text, payload), malformed)
	}
	b.accept("white space round both", mainRule, b.hs(" \t\r\n"+header+"\r\n ", "\n\n"+payload+"\t"), "alice")
	b.accept("white space inside both", mainRule,
		b.hs("{ \"alg\" :\t\"HS256\" ,\r\n \"typ\" : \"JWT\" }", `{ "iss" : "https://issuer.test" , "sub" : "alice" }`), "alice")
}

// invalidUTF8: bytes and escapes that are no Unicode text (RFC 7515 §5.2 step 3, RFC 7519 §7.2).
func invalidUTF8(b *builder) {
	texts := map[string]string{
		"ff": "al\xffice", "cut sequence": "alice\xe4\xbd", "overlong slash": "\xc0\xaf", "surrogate": "\xed\xa0\x80", "beyond Unicode": "\xf4\x90\x80\x80",
		"Latin-1": "J\xfcrgen", "lone continuation": "\x80", "escaped high half": `\ud83d`, "escaped low half": `\ude00`, "two high halves": `\ud83d\ud83d`,
		"high half and a letter": `\ud83dx`, "low before high": `\ude00\ud83d`, "raw line end": "ali\nce", "raw NUL": "alice\x00", "short escape": `\u12`, "bad escape": `\q`,
	}
	for _, name := range sorted(texts) {
		b.add("sub, "+name, mainRule, b.hs(header, claims(`"sub":"`+texts[name]+`"`)), malformed)
		b.add("header, "+name, mainRule, b.hs(`{"alg":"HS256","typ":"JWT","x":"`+texts[name]+`"}`, payload), malformed)
	}
	b.add("a claim's name", mainRule, b.hs(header, claims(`"sub":"alice","x`+"\xff"+`":1`)), malformed)
	b.add("sub, where the name with U+FFFD is a user", mainRule, b.hs(header, claims(`"sub":"al`+"\xff"+`ice"`)), malformed)
	b.add("typ", mainRule, b.hs(`{"alg":"HS256","typ":"JWT`+"\xff"+`"}`, payload), malformed)
	b.accept("U+FFFD itself", mainRule, b.hs(header, claims(`"sub":"al`+"\ufffd"+`ice"`)), "al\ufffdice")
	b.accept("escaped pair", mainRule, b.hs(header, claims(`"sub":"\ud83d\ude00"`)), "😀")
	b.accept("escaped pair, upper case", mainRule, b.hs(header, claims(`"sub":"\uD83D\uDE00"`)), "😀")
	b.accept("noncharacter in a claim", mainRule, b.hs(header, claims(`"sub":"alice","x":"`+"\ufffe\uffff"+`"`)), "alice")
}

// sizes: work must not grow with what anyone sends (CVE-2025-30204, CVE-2025-27144).
func sizes(b *builder) {
	dots := map[string]string{
		"no dot": "abc", "one dot": "abc.def", "two dots alone": "..", "three dots": "...", "a dot": ".", "10,000 dots": strings.Repeat(".", 10000),
		"16 KiB of dots": strings.Repeat(".", 16<<10), "a good token and dots": b.hs(header, payload) + strings.Repeat(".", 9000),
		"empty header": "." + forge.Encode([]byte(payload)) + ".AAAA", "empty payload": forge.Encode([]byte(header)) + "..AAAA",
		"dots first": ".." + b.hs(header, payload), "two tokens": b.hs(header, payload) + "." + b.hs(header, payload),
	}
	for _, name := range sorted(dots) {
		b.add(name, mainRule, dots[name], malformed)
	}
	b.add("17 KiB of dots", mainRule, strings.Repeat(".", 17<<10), tooLarge)
	b.add("64 KiB", mainRule, b.hs(header, claims(`"sub":"alice","x":"`+strings.Repeat("x", 48<<10)+`"`)), tooLarge)
	b.add("one byte too large", mainRule, b.sized(16<<10+1), tooLarge)
	b.accept("the largest", mainRule, b.sized(16<<10), "alice")
	nested := func(depth int, open, end string) string {
		return claims(`"sub":"alice","x":` + strings.Repeat(open, depth) + strings.Repeat(end, depth))
	}
	b.accept("lists nested 64 deep", mainRule, b.hs(header, nested(63, "[", "]")), "alice")
	b.add("lists nested 65 deep", mainRule, b.hs(header, nested(64, "[", "]")), malformed)
	b.add("lists nested 5,000 deep", mainRule, b.hs(header, nested(5000, "[", "]")), malformed)
	b.add("lists opened 11,000 times", mainRule, b.hs(header, claims(`"x":`+strings.Repeat("[", 11000))), malformed)
	b.add("objects nested 65 deep", mainRule, b.hs(header, claims(`"sub":"alice","x":`+strings.Repeat(`{"x":`, 64)+"1"+strings.Repeat("}", 64))), malformed)
	b.accept("objects nested 64 deep", mainRule, b.hs(header, claims(`"sub":"alice","x":`+strings.Repeat(`{"x":`, 63)+"1"+strings.Repeat("}", 63))), "alice")
	b.add("header nested 65 deep", mainRule,
		b.hs(`{"alg":"HS256","x":`+strings.Repeat("[", 64)+strings.Repeat("]", 64)+`}`, payload), malformed)
	b.add("header nested 5,000 deep", mainRule,
		b.hs(`{"alg":"HS256","x":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`}`, payload), malformed)
	b.accept("800 members", mainRule, b.hs(header, claims(`"sub":"alice",`+manyMembers(800))), "alice")
	b.add("alg of 8 KiB", mainRule, b.hs(headerOf(strings.Repeat("A", 8<<10)), payload), badAlg)
	b.add("exp of 9,000 digits", mainRule, b.hs(header, claims(`"sub":"alice","exp":`+strings.Repeat("9", 9000))), malformed)
	b.accept("a private number of 5,000 digits", mainRule, b.hs(header, claims(`"sub":"alice","x":`+strings.Repeat("9", 5000))), "alice")
}

// sized returns a good token of exactly so many bytes.
func (b *builder) sized(size int) string {
	for blanks := 0; ; blanks++ {
		for _, h := range []string{header, header + " ", header + "  "} {
			guess := size*3/4 - 200
			token := b.hs(h, claims(`"sub":"alice","x":"`+strings.Repeat("x", guess+blanks)+`"`))
			if len(token) == size {
				return token
			}
		}
	}
}
