package bearer

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/rule"
)

// gone fails if a body from which the token was cut still has one.
func gone(t *testing.T, format bodyFormat, cut []byte, name string) {
	t.Helper()
	if values, ok := valuesOf(format, cut, name); !ok || len(values) != 0 {
		t.Fatalf("%q is left in %q (%v)", values, cut, ok)
	}
}

// The field is cut out of a form, every pair of it and nothing else, to the byte.
func FuzzURLEncoded(f *testing.F) {
	for _, seed := range []string{
		"token=abc", "a=1&token=abc&b=2", "token=a&token=b", "tok%65n=abc&x", "token", "token=%zz", "&&token=a&&", "a=1&", "&", "", "token=a;b=c&x=%", "%zz=1&token=a", "+=1&token=+a+",
	} {
		f.Add([]byte(seed), "token")
	}
	f.Add([]byte("a b=1&a+b=2&a%20b=3"), "a b")
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		if name == "" {
			return
		}
		var format urlencoded
		values, ok := valuesOf(format, body, name)
		cut := format.without(slices.Clone(body), name)
		if !ok {
			return
		}
		gone(t, format, cut, name)
		var kept, theirs []string
		for _, pair := range strings.Split(string(body), "&") {
			key, value, _ := strings.Cut(pair, "=")
			if text, err := url.QueryUnescape(key); key != name && (err != nil || text != name) {
				kept = append(kept, pair)
			} else if text, err := url.QueryUnescape(value); err == nil {
				theirs = append(theirs, text)
			}
		}
		if want := strings.Join(kept, "&"); string(cut) != want {
			t.Fatalf("%q became %q, want %q", body, cut, want)
		}
		if !slices.Equal(values, theirs) {
			t.Fatalf("%q has %q, want %q", body, values, theirs)
		}
	})
}

// part is one part of a multipart body, as the standard library reads it.
type part struct {
	name, file, value string
	header            map[string][]string
}

// partsOf reads a whole multipart body; false if it is damaged.
func partsOf(body []byte, boundary string) (list []part, ok bool) {
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := reader.NextRawPart()
		if err == io.EOF { //nolint:errorlint // as it is documented
			return list, true
		}
		if err != nil {
			return nil, false
		}
		value, err := io.ReadAll(p)
		if err != nil {
			return nil, false
		}
		list = append(list, part{p.FormName(), p.FileName(), string(value), p.Header})
	}
}

// The field is cut out of a multipart form: what is left has all other parts, each as it was, and no trace of the
// token.
func FuzzMultipart(f *testing.F) {
	field := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	for _, seed := range []string{
		field("token", "abcdefgh") + "--b--\r\n", field("a", "1") + field("token", "abcdefgh") + field("c", "\r\n--bx\r\n") + "--b--", "preamble\r\n" + field("token", "abcdefgh") + "--b-- \r\nepilogue",
		field("token", "abcdefgh") + field("token", "abcdefgh") + "--b--\r\n", field("token\"; filename=\"x", "abcdefgh") + "--b--\r\n",
		strings.ReplaceAll(field("token", "abcdefgh")+"--b--\r\n", "\r\n", "\n"), field("token", "abcdefgh"), "--b--", "--b\r\n\r\n--b--", "--b \t\r\n\r\nx\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=token\r\n\r\nabcdefgh\n--b\r\n\r\nx\r\n--b--\r\n",
		"--b\r\n--b--: x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabcdefgh\r\n--b--\r\n",
	} {
		f.Add([]byte(seed), "b", "token")
	}
	f.Fuzz(func(t *testing.T, body []byte, boundary, name string) {
		if boundary == "" || len(boundary) > 70 || strings.ContainsAny(boundary, "\r\n\t ") || name == "" {
			return
		}
		format := multipartForm{boundary: boundary}
		values, ok := valuesOf(format, body, name)
		cut := format.without(slices.Clone(body), name)
		if !ok || len(values) == 0 {
			return
		}
		var kept []part
		before, _ := partsOf(body, boundary)
		for _, p := range before {
			if p.name != name || p.file != "" {
				kept = append(kept, p)
			}
		}
		after, ok := partsOf(cut, boundary)
		if !ok && len(kept) > 0 {
			t.Fatalf("%q became %q, which is damaged", body, cut)
		}
		if ok {
			gone(t, format, cut, name)
		}
		if !slices.EqualFunc(kept, after, func(a, b part) bool { return reflect.DeepEqual(a, b) }) {
			t.Fatalf("%q became %q", body, cut)
		}
		for _, value := range values {
			if len(value) >= 8 && bytes.Count(cut, []byte(value)) > strings.Count(string(body), value)-1 {
				t.Fatalf("%q is left in %q", value, cut)
			}
		}
	})
}

// The member is cut out of a JSON body: one piece is missing, and what is left says all the rest.
func FuzzJSONBody(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"token":"abc"}`, "token"},
		{`{"a":1 , "token" : "abc"}`, "token"},
		{`{"token":"abc", "a":{"token":1}}`, "token"},
		{`{"a":{"b":{"c":"abc"},"d":1},"e":[]}`, "$.a.b.c"},
		{`{"a":{"b":"abc"}}`, "$['a']['b']"},
		{`{"token":1}`, "token"},
		{`{"token":"a","token":"b"}`, "token"},
		{`[]`, "token"},
		{" {\n\"\\u0074oken\":\"\\u0061\"\n} ", "token"},
		{`{"":"x"}`, "$['']"},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		names, err := rule.BodyPath(name)
		if err != nil || name == "" {
			return
		}
		var format jsonBody
		values, ok := valuesOf(format, body, name)
		cut := format.without(slices.Clone(body), name)
		if !ok || len(values) == 0 {
			return
		}
		if len(values) != 1 {
			t.Fatalf("values %q", values)
		}
		gone(t, format, cut, name)
		var before, after any
		if err := json.Unmarshal(body, &before); err != nil {
			t.Skip() // a number that is too large for encoding/json
		}
		if err := json.Unmarshal(cut, &after); err != nil {
			t.Fatalf("%q became %q: %v", body, cut, err)
		}
		if value := remove(before, names); value != values[0] {
			t.Fatalf("%q: found %q, it is %v", body, values[0], value)
		}
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("%q became %q", body, cut)
		}
		if !onePiece(body, cut) {
			t.Fatalf("%q became %q: more than one piece is missing", body, cut)
		}
	})
}

// remove takes the member at the path out of the tree, and returns it.
func remove(tree any, names []string) any {
	object, _ := tree.(map[string]any)
	for _, name := range names[:len(names)-1] {
		object, _ = object[name].(map[string]any)
	}
	last := names[len(names)-1]
	value := object[last]
	delete(object, last)
	return value
}

// onePiece reports whether cut is text without one piece.
func onePiece(text, cut []byte) bool {
	head := 0
	for head < len(cut) && text[head] == cut[head] {
		head++
	}
	return bytes.HasSuffix(text, cut[head:])
}

// valuesOf returns the values of a field or member.
func valuesOf(format bodyFormat, body []byte, name string) (values []string, ok bool) {
	ok = format.each(body, name, func(value string) { values = append(values, value) })
	return values, ok
}
