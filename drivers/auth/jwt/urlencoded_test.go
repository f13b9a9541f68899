package jwt

import "testing"

func TestURLEncodedBody(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	body := func(text string) string { return post(form, text) }
	for _, x := range []extraction{
		{"alone", body("jwt={ann}"), "ann", body("")},
		{"first", body("jwt={ann}&a=1&b=2"), "ann", body("a=1&b=2")},
		{"middle", body("a=1&jwt={ann}&b=2"), "ann", body("a=1&b=2")},
		{"last", body("a=1&b=2&jwt={ann}"), "ann", body("a=1&b=2")},
		{"with a scheme", body("a=1&jwt=Bearer+{ann}"), "ann", body("a=1")},
		{"with a scheme, encoded", body("a=1&jwt=bearer%20{ann}"), "ann", body("a=1")},
		{"encoded name", body("%6a%57t={ann}&%6a%77t={ann}&a=1"), "ann", body("%6a%57t={ann}&a=1")},
		{"the same twice", body("jwt={ann}&a=1&jwt={ann}"), "ann", body("a=1")},
		{"once more, empty", body("jwt=&jwt={ann}&a=1"), "ann", body("a=1")},
		{"once more, without a value", body("jwt&jwt={ann}&a=1"), "ann", body("a=1")},
		{"once more, a scheme alone", body("jwt=Bearer&jwt={ann}&a=1"), "ann", body("a=1")},
		{"others are not rewritten", body("a=%7e+/&jwt={ann}&b&&=c;d%zz"), "ann", body("a=%7e+/&b&&=c;d%zz")},
		{"ampersand at the beginning", body("&a=1&jwt={ann}&b=2"), "ann", body("&a=1&b=2")},
		{"ampersand at the end", body("a=1&jwt={ann}&b=2&"), "ann", body("a=1&b=2&")},
		{"two different", body("jwt={ann}&jwt={bob}"), "token_malformed", ""},
		{"two different, one by its encoded name", body("jwt={ann}&%6awt={bob}"), "token_malformed", ""},
		{"a token and rubbish", body("jwt=x&jwt={bob}"), "token_malformed", ""},
		{"missing", body("a=1"), "none", ""},
		{"empty", body("jwt="), "none", ""},
		{"no value", body("a=1&jwt"), "none", ""},
		{"no body", body(""), "none", ""},
		{"another case", body("JWT={ann}"), "none", ""},
		{"a longer name", body("jwt2={ann}&xjwt={ann}&jwt[]={ann}&a.jwt={ann}"), "none", ""},
		{"a value that is no encoding", body("jwt=%zz{ann}"), "none", ""},
		{"in the query", "POST /?jwt={ann} HTTP/1.1\nHost: a\nContent-Type: " + form + "\n\na=1", "none", ""},
	} {
		x.run(t, "body", "jwt")
	}
	for _, x := range []extraction{
		{"charset", post(form+"; charset=utf-8", "jwt={ann}&a=1"), "ann", post(form+"; charset=utf-8", "a=1")},
		{"type in another case", post("Application/X-WWW-Form-Urlencoded", "jwt={ann}&a=1"), "ann", post("Application/X-WWW-Form-Urlencoded", "a=1")},
		{"no type", "POST / HTTP/1.1\nHost: a\n\njwt={ann}", "none", ""},
		{"plain text", post("text/plain", "jwt={ann}"), "none", ""},
		{"JSON", post("application/json", "jwt={ann}"), "none", ""},
		{"damaged type", post(form+"; charset", "jwt={ann}"), "none", ""},
		{"a parameter twice", post(form+"; a=1; a=2", "jwt={ann}"), "none", ""},
	} {
		x.run(t, "body", "jwt")
	}
	for _, x := range []extraction{
		{"name to be encoded", body("a+%26b={ann}&c=1"), "ann", body("c=1")},
		{"name with %20", body("a%20%26b={ann}&c=1"), "ann", body("c=1")},
	} {
		x.run(t, "body", "a &b")
	}
	for _, x := range []extraction{
		{"a path is a plain name", body("%24.auth.jwt={ann}&c=1"), "ann", body("c=1")},
		{"a path is a plain name, not encoded", body("$.auth.jwt={ann}&c=1"), "ann", body("c=1")},
		{"not a path here", body("auth.jwt={ann}&jwt={ann}"), "none", ""},
	} {
		x.run(t, "body", "$.auth.jwt")
	}
}

// A filter that stood before may have read the form: what it read must not bring the token back.
func TestHiddenFieldOfAFormThatWasRead(t *testing.T) {
	read := map[string]func(formReader) error{
		"a field":      func(f formReader) error { f.GetForm("a"); return nil },
		"the form":     func(f formReader) error { _, err := f.BodyForm(); return err },
		"the raw body": func(f formReader) error { _, err := f.RawBody(); return err },
	}
	for name, read := range read {
		for _, body := range []string{"jwt={ann}", "a=1&jwt={ann}"} {
			t.Run(name+" of "+body, func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, nil)
			})
			t.Run(name+" of "+body+", then a field is added", func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, func(f formWriter) error { return f.AddForm("z", "1") })
			})
			t.Run(name+" of "+body+", then a field is set", func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, func(f formWriter) error { return f.SetToForm("z", "1") })
			})
		}
	}
}
