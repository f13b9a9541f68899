package jwt

import (
	"strings"
	"testing"
)

func TestJSONBody(t *testing.T) {
	body := func(text string) string { return post("application/json", text) }
	for _, x := range []extraction{
		{"alone", body(`{"jwt":"{ann}"}`), "ann", body(`{}`)},
		{"alone with blanks", body(` { "jwt" : "{ann}" } `), "ann", body(` {  } `)},
		{"first", body(`{"jwt":"{ann}","a":1,"b":2}`), "ann", body(`{"a":1,"b":2}`)},
		{"middle", body(`{"a":1,"jwt":"{ann}","b":2}`), "ann", body(`{"a":1,"b":2}`)},
		{"last", body(`{"a":1,"b":2,"jwt":"{ann}"}`), "ann", body(`{"a":1,"b":2}`)},
		{"with a scheme", body(`{"jwt":"Bearer {ann}","a":1}`), "ann", body(`{"a":1}`)},
		{"escaped name", body(`{"\u006a\u0077t":"{ann}","a":1}`), "ann", body(`{"a":1}`)},
		{"escaped value", body(`{"jwt":"\u0042earer {ann}","a":1}`), "ann", body(`{"a":1}`)},
		{"lines", body("{\r\n\t\"a\": 1,\r\n\t\"jwt\": \"{ann}\",\r\n\t\"b\": 2\r\n}\r\n"), "ann", body("{\r\n\t\"a\": 1,\r\n\t\"b\": 2\r\n}\r\n")},
		{"lines, last", body("{\n \"a\": 1,\n \"jwt\": \"{ann}\"\n}"), "ann", body("{\n \"a\": 1\n}")},
		{"others are not rewritten", body(`{"n":1.0,"jwt":"{ann}","m":1e400,"u":"\u00e9é\/","big":12345678901234567890}`), "ann", body(`{"n":1.0,"m":1e400,"u":"\u00e9é\/","big":12345678901234567890}`)},
		{"commas and braces in others", body(`{"a":"},\"jwt\":","jwt":"{ann}","b":[{"jwt":1}]}`), "ann", body(`{"a":"},\"jwt\":","b":[{"jwt":1}]}`)},
		{"another member twice further down", body(`{"a":{"b":1,"b":2},"jwt":"{ann}"}`), "ann", body(`{"a":{"b":1,"b":2}}`)},
		{"twice", body(`{"jwt":"{ann}","jwt":"{ann}"}`), "none", ""},
		{"twice, different", body(`{"jwt":"{ann}","jwt":"{bob}"}`), "none", ""},
		{"twice, one escaped", body(`{"jwt":"{ann}","\u006awt":"{bob}"}`), "none", ""},
		{"another member twice", body(`{"a":1,"jwt":"{ann}","a":2}`), "none", ""},
		{"missing", body(`{"a":1}`), "none", ""},
		{"empty", body(`{"jwt":""}`), "none", ""},
		{"null", body(`{"jwt":null}`), "none", ""},
		{"number", body(`{"jwt":1}`), "none", ""},
		{"list", body(`{"jwt":["{ann}"]}`), "none", ""},
		{"object", body(`{"jwt":{"jwt":"{ann}"}}`), "none", ""},
		{"another case", body(`{"JWT":"{ann}"}`), "none", ""},
		{"further down", body(`{"a":{"jwt":"{ann}"}}`), "none", ""},
		{"a list at the top", body(`[{"jwt":"{ann}"}]`), "none", ""},
		{"a string at the top", body(`"{ann}"`), "none", ""},
		{"something behind", body(`{"jwt":"{ann}"}x`), "none", ""},
		{"two values", body(`{"jwt":"{ann}"}{}`), "none", ""},
		{"unfinished", body(`{"jwt":"{ann}"`), "none", ""},
		{"comma at the end", body(`{"jwt":"{ann}",}`), "none", ""},
		{"comment", body(`{/**/"jwt":"{ann}"}`), "none", ""},
		{"single quotes", body(`{'jwt':'{ann}'}`), "none", ""},
		{"byte order mark", body("\xef\xbb\xbf{\"jwt\":\"{ann}\"}"), "none", ""},
		{"not UTF-8", body("{\"a\":\"\xff\",\"jwt\":\"{ann}\"}"), "none", ""},
		{"half a surrogate", body(`{"a":"\ud800","jwt":"{ann}"}`), "none", ""},
		{"nested deep", body(`{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `,"jwt":"{ann}"}`), "none", ""},
		{"no body", body(""), "none", ""},
		{"blanks", body("  "), "none", ""},
	} {
		x.run(t, "body", "jwt")
	}
	for _, media := range []string{
		"application/json; charset=utf-8", "Application/JSON", "application/problem+json", "application/vnd.api+JSON;v=1",
	} {
		extraction{media, post(media, `{"jwt":"{ann}","a":1}`), "ann", post(media, `{"a":1}`)}.run(t, "body", "jwt")
	}
	for _, media := range []string{"text/json", "application/jsonp", "application/json-seq", "application/x-ndjson", "json", "application/json;;", "*/*"} {
		extraction{media, post(media, `{"jwt":"{ann}"}`), "none", ""}.run(t, "body", "jwt")
	}
}

func TestJSONPathOfABody(t *testing.T) {
	body := func(text string) string { return post("application/json", text) }
	tests := map[string][]extraction{
		"$.auth.jwt": {
			{"nested", body(`{"a":1,"auth":{"jwt":"{ann}","b":2}}`), "ann", body(`{"a":1,"auth":{"b":2}}`)},
			{"nested, alone", body(`{"auth":{"jwt":"{ann}"}}`), "ann", body(`{"auth":{}}`)},
			{"nested, last, with blanks", body(`{"auth": { "b" : 2 , "jwt" : "{ann}" } , "c":3}`), "ann", body(`{"auth": { "b" : 2  } , "c":3}`)},
			{"escaped names", body(`{"\u0061uth":{"j\u0077t":"{ann}","b":2}}`), "ann", body(`{"\u0061uth":{"b":2}}`)},
			{"the same name elsewhere", body(`{"jwt":"{bob}","x":{"jwt":"{bob}"},"auth":{"jwt":"{ann}"}}`), "ann", body(`{"jwt":"{bob}","x":{"jwt":"{bob}"},"auth":{}}`)},
			{"on the way twice", body(`{"auth":{"jwt":"{ann}"},"auth":{"jwt":"{ann}"}}`), "none", ""},
			{"at the end twice", body(`{"auth":{"jwt":"{ann}","jwt":"{ann}"}}`), "none", ""},
			{"a name with a dot", body(`{"auth.jwt":"{ann}"}`), "none", ""},
			{"a list on the way", body(`{"auth":[{"jwt":"{ann}"}]}`), "none", ""},
			{"a string on the way", body(`{"auth":"{\"jwt\":\"{ann}\"}"}`), "none", ""},
			{"at the top", body(`{"jwt":"{ann}"}`), "none", ""},
		},
		"$['auth.x'][\"jwt\"]": {
			{"brackets", body(`{"auth.x":{"jwt":"{ann}"},"a":1}`), "ann", body(`{"auth.x":{},"a":1}`)},
			{"dots are no steps", body(`{"auth":{"x":{"jwt":"{ann}"}}}`), "none", ""},
		},
		"$.jwt": {
			{"top", body(`{"jwt":"{ann}","a":1}`), "ann", body(`{"a":1}`)},
		},
		"auth.jwt": {
			{"without a dollar it is a name", body(`{"auth.jwt":"{ann}","a":1}`), "ann", body(`{"a":1}`)},
			{"and no path", body(`{"auth":{"jwt":"{ann}"}}`), "none", ""},
		},
		"$.é": {
			{"not ASCII", body(`{"é":"{ann}","a":1}`), "ann", body(`{"a":1}`)},
		},
	}
	for path, list := range tests {
		t.Run(path, func(t *testing.T) {
			for _, x := range list {
				x.run(t, "body", path)
			}
		})
	}
}
