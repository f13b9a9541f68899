package explain

import "testing"

func TestDiffer(t *testing.T) {
	for _, test := range []struct{ found, wanted, want string }{
		{"https://a.test", "https://a.test/", "a slash at the end"},
		{" ann", "ann", "blanks round it"},
		{"Ann", "ann", "upper and lower case"},
		{"http://a.test", "https://a.test", "http and https"},
		{"HTTP://A.test/", "https://a.test", "its spelling (scheme, case, a slash at the end)"},
		{"https://isuer.test", "https://issuer.test", "one character"},
		{"https://isuer.tset", "https://issuer.test", ""},
		{"audit", "adult", ""},
		{"usre-name", "user-name", "2 characters"},
		{"bob", "bop", ""},
		{"x", "y", ""},
		{"", "y", ""},
		{"same", "same", ""},
		{"张三丰四五六七", "张三丰四五六八", "one character"},
	} {
		if got := differ(test.found, test.wanted); got != test.want {
			t.Errorf("%q and %q: got %q, want %q", test.found, test.wanted, got, test.want)
		}
	}
}
