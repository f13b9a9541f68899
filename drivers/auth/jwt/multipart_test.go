package jwt

import (
	"strings"
	"testing"
)

// multipartBody is a multipart body of these parts, each a head and content with "\n\n" between them; lines end in CRLF.
func multipartBody(boundary string, parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		head, content, _ := strings.Cut(part, "\n\n")
		b.WriteString("--" + boundary + "\r\n" + strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + content + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// field is a part with a plain field.
func field(name, value string) string {
	return `Content-Disposition: form-data; name="` + name + `"` + "\n\n" + value
}

func TestMultipartBody(t *testing.T) {
	const media = "multipart/form-data; boundary=b0"
	body := func(parts ...string) string { return post(media, multipartBody("b0", parts...)) }
	raw := func(text string) string { return post(media, text) }
	token, a, b := field("jwt", "{ann}"), field("a", "1"), field("b", "2\r\n--b\r\n--b00\r\n --b0\r\n-b0--")
	file := "Content-Disposition: form-data; name=\"jwt\"; filename=\"jwt.txt\"\nContent-Type: text/plain\n\n{bob}"
	for _, x := range []extraction{
		{"alone", body(token), "ann", raw("--b0--\r\n")},
		{"first", body(token, a, b), "ann", body(a, b)},
		{"middle", body(b, token, a), "ann", body(b, a)},
		{"last", body(a, b, token), "ann", body(a, b)},
		{"with a scheme", body(field("jwt", "Bearer {ann}"), a), "ann", body(a)},
		{"blanks round it", body(field("jwt", " {ann}\r\n"), a), "ann", body(a)},
		{"with a type", body("Content-Type: text/plain; charset=utf-8\nContent-Disposition: form-data; name=\"jwt\"\n\n{ann}", a), "ann", body(a)},
		{"name without quotes", body("Content-Disposition: form-data; name=jwt\n\n{ann}", a), "ann", body(a)},
		{"head in another case", body("content-disposition: FORM-DATA; NAME=\"jwt\"\n\n{ann}", a), "ann", body(a)},
		{"the same twice", body(token, a, token), "ann", body(a)},
		{"once more, empty", body(field("jwt", ""), token, a), "ann", body(a)},
		{"beside a file of its name", body(file, token, a), "ann", body(file, a)},
		{"beside several files", body(file, a, token, file), "ann", body(file, a, file)},
		{"others are not rewritten", body(token, "X-Odd:  1\ncontent-disposition:form-data;name=\"é\";x=y\nContent-Type: a/b\n\n\x00\xff\r\r\n\n"), "ann", body("X-Odd:  1\ncontent-disposition:form-data;name=\"é\";x=y\nContent-Type: a/b\n\n\x00\xff\r\r\n\n")},
		{"preamble and epilogue", raw("pre\r\namble\r\n" + multipartBody("b0", token, a) + "epilogue\r\n--b0\r\n"), "ann", raw("pre\r\namble\r\n" + multipartBody("b0", a) + "epilogue\r\n--b0\r\n")},
		{"no line end at the end", raw(strings.TrimSuffix(multipartBody("b0", a, token), "\r\n")), "ann", raw(strings.TrimSuffix(multipartBody("b0", a), "\r\n"))},
		{"lines end in LF", raw(strings.ReplaceAll(multipartBody("b0", a, token), "\r\n", "\n")), "ann", raw(strings.ReplaceAll(multipartBody("b0", a), "\r\n", "\n"))},
		{"blanks behind the boundary", raw("--b0 \t\r\n" + `Content-Disposition: form-data; name="jwt"` + "\r\n\r\n{ann}\r\n--b0  \r\n" + `Content-Disposition: form-data; name="a"` + "\r\n\r\n1\r\n--b0--"), "ann", raw("--b0  \r\n" + `Content-Disposition: form-data; name="a"` + "\r\n\r\n1\r\n--b0--")},
		{"two different", body(token, field("jwt", "{bob}")), "token_malformed", ""},
		{"a token and rubbish", body(token, field("jwt", "x")), "token_malformed", ""},
		{"file alone", body(file, a), "none", ""},
		{"missing", body(a, b), "none", ""},
		{"empty", body(field("jwt", "")), "none", ""},
		{"another case", body(field("JWT", "{ann}")), "none", ""},
		{"not form-data", body("Content-Disposition: attachment; name=\"jwt\"\n\n{ann}"), "none", ""},
		{"no disposition", body("Content-Type: text/plain\n\n{ann}"), "none", ""},
		{"encoded value", body("Content-Disposition: form-data; name=\"jwt\"\nContent-Transfer-Encoding: base64\n\ne2Fubn0="), "token_malformed", ""},
		{"no parts", raw("--b0--\r\n"), "none", ""},
		{"no end", raw(strings.TrimSuffix(multipartBody("b0", token), "--b0--\r\n")), "none", ""},
		{"no empty line", raw("--b0\r\nContent-Disposition: form-data; name=jwt\r\n--b0--\r\n"), "none", ""},
		{"damaged head", raw("--b0\r\nContent-Disposition\r\n\r\n{ann}\r\n--b0--\r\n"), "none", ""},
		{"something behind the boundary", raw("--b0x\r\nContent-Disposition: form-data; name=jwt\r\n\r\n{ann}\r\n--b0--\r\n"), "none", ""},
		{"a boundary behind LF alone", body(field("a", "1\n--b0\r\nContent-Disposition: form-data; name=jwt\r\n\r\n{ann}")), "none", ""},
		{"no body", raw(""), "none", ""},
		{"another boundary", raw(multipartBody("b1", token)), "none", ""},
	} {
		x.run(t, "body", "jwt")
	}
	for _, x := range []extraction{
		{"no boundary", post("multipart/form-data", multipartBody("b0", token)), "none", ""},
		{"empty boundary", post(`multipart/form-data; boundary=""`, multipartBody("", token)), "none", ""},
		{"another kind", post("multipart/mixed; boundary=b0", multipartBody("b0", token)), "none", ""},
		{"two boundaries", post("multipart/form-data; boundary=b0; boundary=b1", multipartBody("b0", token)), "none", ""},
	} {
		x.run(t, "body", "jwt")
	}
	for media, boundary := range map[string]string{
		`multipart/form-data; boundary="quoted one"`:              "quoted one",
		`multipart/form-data; charset=utf-8; boundary="a;b=c"`:    "a;b=c",
		`Multipart/Form-Data; BOUNDARY=----WebKitFormBoundaryABC`: "----WebKitFormBoundaryABC",
		`multipart/form-data; boundary="--"`:                      "--",
		`multipart/form-data; boundary=0; a="b"`:                  "0",
	} {
		extraction{
			media,
			post(media, multipartBody(boundary, a, token, file)), "ann",
			post(media, multipartBody(boundary, a, file)),
		}.run(t, "body", "jwt")
	}
	for _, x := range []extraction{
		{"name that is quoted", body("Content-Disposition: form-data; name=\"a\\\"b c\"\n\n{ann}", a), "ann", body(a)},
	} {
		x.run(t, "body", `a"b c`)
	}
}

// Whoever reads a body must find the parts where we find them, or we do not read it. In these bodies a delimiter that
// only one kind of reader sees stands in front of one that only the other kind sees, so that both count three parts and
// mean others.
func TestPartsThatReadersCountDifferently(t *testing.T) {
	const (
		extra = "--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n1\n--b0\r\nrest\r\n\r\nx\r\n" // behind a bare LF
		third = "--b0\r\nContent-Disposition: form-data; name=c\r\n\r\n3\r\n--b0--\r\n"
	)
	for name, second := range map[string]string{
		"an end in a head":              "--b0--: x\r\nContent-Disposition: form-data; name=jwt\r\n\r\n",
		"an end in a head, with blank":  "--b0-- : x\r\nContent-Disposition: form-data; name=jwt\r\n\r\n",
		"a head that ends in LF, CR LF": "Content-Disposition: form-data; name=jwt\n\r\n",
		"a head that ends in CR LF, LF": "Content-Disposition: form-data; name=jwt\r\n\n",
		"a head that ends in LF, LF":    "Content-Disposition: form-data; name=jwt\n\n",
	} {
		for _, first := range []string{extra, strings.Replace(extra, "rest\r\n\r\n", "rest\r\n", 1)} {
			t.Run(name, func(t *testing.T) {
				text := first + "--b0\r\n" + second + ann(t) + "\r\n" + third
				k := newKit(t)
				list := k.bind(appOf("a"), entry{position: "body", name: "jwt", users: hiddenAnn})
				ctx := hostContext(t, post("multipart/form-data; boundary=b0", text))
				if got := answer(ctx, list...); got == "ann of a@app" && strings.Contains(upstreamOf(t, ctx), ann(t)) {
					t.Error("the token was to be hidden, and the upstream gets it")
				}
			})
		}
	}
}

// The same, and what stands beside the token would be cut.
func TestPartsBesideAreWhole(t *testing.T) {
	for name, text := range map[string]string{
		"a delimiter behind LF alone, then a head that ends in LF, CR LF": "--b0\r\n\r\nA\n--b0\r\n" +
			"--b0\r\nContent-Disposition: form-data; name=jwt\n\r\n" + ann(t) + "\r\n--b0--\r\n",
		"a delimiter behind LF alone, then a head that ends in CR LF": "--b0\r\n\r\nA\n--b0\r\n" +
			"--b0\r\nContent-Disposition: form-data; name=jwt\r\n\r\n" + ann(t) + "\r\n--b0--\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt", users: hiddenAnn})
			ctx := hostContext(t, post("multipart/form-data; boundary=b0", text))
			got := answer(ctx, list...)
			if upstream := upstreamOf(t, ctx); got == "ann of a@app" && !strings.HasSuffix(upstream, "--b0\r\n\r\nA\n--b0\r\n--b0--\r\n") {
				t.Errorf("the upstream gets %q", upstream)
			}
		})
	}
}

func TestHiddenPartOfAFormThatWasRead(t *testing.T) {
	file := "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\nContent-Type: a/b\n\n\x00\xff"
	body := multipartBody("b0", field("a", "1"), field("jwt", "{ann}"), file)
	for name, write := range map[string]func(formWriter) error{
		"left alone":        nil,
		"a field is set":    func(f formWriter) error { return f.SetToForm("z", "1") },
		"a field is added":  func(f formWriter) error { return f.AddForm("z", "1") },
		"the form is set":   func(f formWriter) error { form, err := f.BodyForm(); _ = f.SetForm(form); return err },
		"the body is asked": func(f formWriter) error { _, err := f.RawBody(); return err },
	} {
		t.Run("then "+name, func(t *testing.T) {
			hidesReadForm(t, "multipart/form-data; boundary=b0", body, func(f formReader) error {
				if _, err := f.RawBody(); err != nil {
					return err
				}
				_, err := f.BodyForm()
				return err
			}, write)
		})
	}
}
