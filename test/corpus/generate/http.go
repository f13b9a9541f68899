package main

import (
	"strings"

	"apinto-jwt/test/corpus"
)

// requests: the place of a token in a request, and how often it stands there (RFC 6750 §2, RFC 9110 §5.3, §11.1).
func requests(b *builder) {
	good := b.hs(header, payload)
	other := b.hs(header, claims(`"sub":"42"`))
	headerRequests(b, good, other)
	repeatedHeaders(b, good, other)
	queryRequests(b, good, other)
	formRequests(b, good, other)
	jsonRequests(b, good, other)
	multipartRequests(b, good, other)
	wrongPlaces(b, good)
}

// request notes a request; an accepted one is alice's.
func (b *builder) request(name, position, tokenName, request, want string) {
	c := corpus.Case{Name: name, Rule: mainRule, Request: request, Position: position, TokenName: tokenName, Want: want}
	if want == corpus.Accepted {
		c.User = "alice"
	}
	b.note(c)
}

// get returns a GET request with these header lines.
func get(target string, headers ...string) string {
	return "GET " + target + " HTTP/1.1\nHost: gateway.test\n" + strings.Join(append(headers, ""), "\n") + "\n"
}

// post returns a POST request with a body.
func post(contentType, body string) string {
	return "POST / HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: " + contentType + "\r\n\r\n" + body
}

func headerRequests(b *builder, good, other string) {
	accepted := map[string]string{
		"Bearer": "Bearer " + good, "bearer": "bearer " + good, "BEARER": "BEARER " + good, "bEaReR": "bEaReR " + good, "two blanks": "Bearer  " + good,
		"seven blanks": "Bearer       " + good, "no scheme": good, "blanks round": "  Bearer " + good + "   ", "tab in front": "\tBearer " + good,
	}
	for _, name := range sorted(accepted) {
		b.request("scheme, "+name, "header", "Authorization", get("/", "Authorization: "+accepted[name]), corpus.Accepted)
	}
	refused := map[string]string{
		"twice": "Bearer Bearer " + good, "no blank": "Bearer" + good, "tab": "Bearer\t" + good, "equals": "Bearer=" + good, "two tokens": "Bearer " + good + " " + other, "two tokens, comma": "Bearer " + good + ", Bearer " + other,
		"the same token twice, comma": "Bearer " + good + ",Bearer " + good, "quoted": `Bearer "` + good + `"`, "parameter": "Bearer token=" + good,
		"a word behind": "Bearer " + good + " x", "non-breaking blank": "Bearer\u00a0" + good, "quoted, no scheme": `"` + good + `"`,
	}
	for _, name := range sorted(refused) {
		b.request("scheme, "+name, "header", "Authorization", get("/", "Authorization: "+refused[name]), malformed)
	}
	none := map[string]string{
		"alone": "Bearer", "alone, blanks": "Bearer   ", "empty": "", "blanks": "   ", "Basic": "Basic YWxpY2U6c2VjcmV0", "Basic with a token": "Basic " + good,
		"JWT": "JWT " + good, "DPoP": "DPoP " + good, "Token": "Token " + good, "Bearerx": "Bearerx " + good, "comma": "Bearer, " + good,
		"colon": "Bearer: " + good,
	}
	for _, name := range sorted(none) {
		b.request("scheme, "+name, "header", "Authorization", get("/", "Authorization: "+none[name]), corpus.NoToken)
	}
	b.request("position empty", "", "", get("/", "Authorization: Bearer "+good), corpus.Accepted)
	b.request("name in lower case", "header", "Authorization", get("/", "authorization: Bearer "+good), corpus.Accepted)
	b.request("name in upper case", "header", "X-Token", get("/", "X-TOKEN: "+good), corpus.Accepted)
	b.request("name configured in lower case", "header", "x-token", get("/", "X-Token: "+good), corpus.Accepted)
	b.request("another header", "header", "X-Token", get("/", "X-Token: Bearer "+good, "Authorization: Basic YWxpY2U6c2VjcmV0"), corpus.Accepted)
}

func repeatedHeaders(b *builder, good, other string) {
	bad := good[:len(good)-4] + "AAAA"
	repeated := func(name, want string, lines ...string) {
		b.request("repeated, "+name, "header", "Authorization", get("/", lines...), want)
	}
	repeated("the same", corpus.Accepted, "Authorization: Bearer "+good, "Authorization: Bearer "+good)
	repeated("the same, another scheme case", corpus.Accepted, "Authorization: Bearer "+good, "authorization: BEARER "+good)
	repeated("two users", malformed, "Authorization: Bearer "+good, "Authorization: Bearer "+other)
	repeated("two users, the other way round", malformed, "Authorization: Bearer "+other, "Authorization: Bearer "+good)
	repeated("forged last", malformed, "Authorization: Bearer "+good, "Authorization: Bearer "+bad)
	repeated("forged first", malformed, "Authorization: Bearer "+bad, "Authorization: Bearer "+good)
	repeated("two users, names differ in case", malformed, "Authorization: Bearer "+good, "AUTHORIZATION: Bearer "+other)
	repeated("Basic beside it", corpus.Accepted, "Authorization: Basic YWxpY2U6c2VjcmV0", "Authorization: Bearer "+good)
	repeated("empty beside it", corpus.Accepted, "Authorization: ", "Authorization: Bearer "+good)
}

func queryRequests(b *builder, good, other string) {
	targets := map[string]string{
		"plain": "/?token=" + good, "with the scheme": "/?token=Bearer%20" + good, "among others": "/a/b?x=1&token=" + good + "&y=2", "the same twice": "/?token=" + good + "&token=" + good,
		"empty beside it": "/?token=&token=" + good, "name percent-encoded": "/?%74oken=" + good, "dots percent-encoded": "/?token=" + strings.ReplaceAll(good, ".", "%2E"),
	}
	for _, name := range sorted(targets) {
		b.request("query, "+name, "query", "token", get(targets[name]), corpus.Accepted)
	}
	polluted := map[string]string{
		"two users": "/?token=" + good + "&token=" + other, "two users, the other way round": "/?token=" + other + "&token=" + good,
		"two users, one name encoded": "/?token=" + good + "&%74oken=" + other, "forged beside it": "/?token=" + good + "&token=x.y.z",
		"not percent-decoded enough": "/?token=" + strings.ReplaceAll(good, ".", "%252E"), "two words": "/?token=" + good + "+x",
	}
	for _, name := range sorted(polluted) {
		b.request("query, "+name, "query", "token", get(polluted[name]), malformed)
	}
	none := map[string]string{
		"another case": "/?Token=" + good, "a list's name": "/?token[]=" + good, "empty": "/?token=", "no value": "/?token", "in the path": "/token/" + good,
		"in the fragment": "/#token=" + good, "semicolons": "/?x=1;token=" + good,
	}
	for _, name := range sorted(none) {
		b.request("query, "+name, "query", "token", get(none[name]), corpus.NoToken)
	}
}

func formRequests(b *builder, good, other string) {
	const form = "application/x-www-form-urlencoded"
	body := func(name, want, contentType, body string) {
		b.request("form, "+name, "body", "token", post(contentType, body), want)
	}
	body("plain", corpus.Accepted, form, "token="+good)
	body("charset", corpus.Accepted, form+"; charset=UTF-8", "a=1&token="+good+"&b=2")
	body("type in upper case", corpus.Accepted, "Application/X-WWW-Form-Urlencoded", "token="+good)
	body("with the scheme", corpus.Accepted, form, "token=Bearer+"+good)
	body("percent-encoded", corpus.Accepted, form, "t%6Fken="+strings.ReplaceAll(good, ".", "%2e"))
	body("the same twice", corpus.Accepted, form, "token="+good+"&token="+good)
	body("two users", malformed, form, "token="+good+"&token="+other)
	body("two users, one name encoded", malformed, form, "%74oken="+good+"&token="+other)
	body("forged beside it", malformed, form, "token=x.y.z&token="+good)
	body("no such field", corpus.NoToken, form, "Token="+good+"&access_token="+good)
	body("bad escape", corpus.NoToken, form, "token=%zz"+good)
	body("said to be text", corpus.NoToken, "text/plain", "token="+good)
	body("said to be JSON", corpus.NoToken, "application/json", "token="+good)
	b.request("form, compressed by name", "body", "token",
		"POST / HTTP/1.1\r\nHost: gateway.test\r\nContent-Encoding: gzip\r\nContent-Type: "+form+"\r\n\r\ntoken="+good, corpus.NoToken)
}

func jsonRequests(b *builder, good, other string) {
	body := func(name, want, tokenName, body string) {
		b.request("JSON, "+name, "body", tokenName, post("application/json", body), want)
	}
	body("plain", corpus.Accepted, "token", `{"token":"`+good+`"}`)
	body("escaped", corpus.Accepted, "token", `{"\u0074oken":"`+strings.ReplaceAll(good, ".", `\u002e`)+`"}`)
	body("with the scheme", corpus.Accepted, "token", `{"x":[1,{"token":1}], "token" : "Bearer `+good+`"}`)
	body("path", corpus.Accepted, "$.auth.token", `{"token":"`+other+`","auth":{"token":"`+good+`","x":1}}`)
	body("path in brackets", corpus.Accepted, "$['auth']['to.ken']", `{"auth":{"to.ken":"`+good+`"}}`)
	b.request("JSON, of another type", "body", "token", post("application/vnd.example+json; charset=utf-8", `{"token":"`+good+`"}`), corpus.Accepted)
	body("member twice", corpus.NoToken, "token", `{"token":"`+good+`","token":"`+other+`"}`)
	body("member twice, escaped", corpus.NoToken, "token", `{"token":"`+good+`","\u0074oken":"`+other+`"}`)
	body("on the path twice", corpus.NoToken, "$.auth.token", `{"auth":{"token":"`+good+`"},"auth":{"token":"`+other+`"}}`)
	body("another case", corpus.NoToken, "token", `{"Token":"`+good+`"}`)
	body("no string", corpus.NoToken, "token", `{"token":["`+good+`"]}`)
	body("list", corpus.NoToken, "token", `[{"token":"`+good+`"}]`)
	body("cut off", corpus.NoToken, "token", `{"token":"`+good+`"`)
	body("something behind", corpus.NoToken, "token", `{"token":"`+good+`"}{"token":"`+other+`"}`)
	body("half a surrogate pair beside it", corpus.NoToken, "token", `{"x":"\ud800","token":"`+good+`"}`)
	body("deeper than the path", corpus.NoToken, "token", `{"auth":{"token":"`+good+`"}}`)
	body("nested 100 deep", corpus.NoToken, "token", `{"token":"`+good+`","x":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)+`}`)
	body("forged", malformed, "token", `{"token":"x.y.z"}`)
}

func multipartRequests(b *builder, good, other string) {
	part := func(disposition, value string) string {
		return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n"
	}
	body := func(name, want, body string) {
		b.request("multipart, "+name, "body", "token", post("multipart/form-data; boundary=b", body), want)
	}
	body("plain", corpus.Accepted, part(`name="token"`, good)+"--b--\r\n")
	body("among others", corpus.Accepted, part(`name="x"`, "1")+part(`name="token"`, "Bearer "+good)+part(`name="f"; filename="a"`, "\x00\r\n--c")+"--b--")
	body("the same twice", corpus.Accepted, part(`name="token"`, good)+part(`name="token"`, good)+"--b--\r\n")
	body("two users", malformed, part(`name="token"`, good)+part(`name="token"`, other)+"--b--\r\n")
	body("a file", corpus.NoToken, part(`name="token"; filename="t"`, good)+"--b--\r\n")
	body("no end", corpus.NoToken, part(`name="token"`, good))
	body("another boundary", corpus.NoToken, "--c\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n"+good+"\r\n--c--\r\n")
	b.request("multipart, no boundary named", "body", "token",
		post("multipart/form-data", part(`name="token"`, good)+"--b--\r\n"), corpus.NoToken)
	b.request("multipart, mixed", "body", "token",
		post("multipart/mixed; boundary=b", part(`name="token"`, good)+"--b--\r\n"), corpus.NoToken)
}

// wrongPlaces: a token where the rule does not look.
func wrongPlaces(b *builder, good string) {
	bearer := "Authorization: Bearer " + good
	b.request("place, query for header", "header", "Authorization", get("/?Authorization="+good+"&token="+good), corpus.NoToken)
	b.request("place, header for query", "query", "token", get("/", bearer, "token: "+good), corpus.NoToken)
	b.request("place, Authorization for another header", "header", "X-Token", get("/", bearer), corpus.NoToken)
	b.request("place, another header for Authorization", "header", "Authorization", get("/", "X-Token: "+good, "Proxy-Authorization: Bearer "+good), corpus.NoToken)
	b.request("place, cookie for header", "header", "Authorization", get("/", "Cookie: Authorization="+good+"; token="+good), corpus.NoToken)
	b.request("place, header for body", "body", "token", get("/?token="+good, bearer), corpus.NoToken)
	b.request("place, body for query", "query", "token", post("application/x-www-form-urlencoded", "token="+good), corpus.NoToken)
	b.request("place, body for header", "header", "Authorization", post("application/json", `{"Authorization":"`+good+`"}`), corpus.NoToken)
	b.request("place, nowhere", "header", "Authorization", get("/"), corpus.NoToken)
}
