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
