package origin

import (
	"net/url"
	"testing"
)

func TestSameHost(t *testing.T) {
	tests := []struct {
		from, to string
		want     bool
	}{
		{"https://a.example/x", "https://a.example/y", true},
		{"https://a.example/x", "https://A.example:443/y", true},
		{"http://a.example:80/x", "http://a.example/y", true},
		{"http://a.example/x", "https://a.example/y", true},
		{"http://a.example:8080/x", "https://a.example:8443/y", true},
		{"https://a.example/x", "http://a.example/y", false},
		{"https://a.example/x", "https://a.example:8443/y", false},
		{"https://a.example/x", "https://b.example/x", false},
		{"https://a.example/x", "https://a.example.b.example/x", false},
		{"https://a.example/x", "https://user@a.example/x", false},
		{"http://127.0.0.1:1/x", "http://127.0.0.1:2/x", false},
		{"http://a.example/x", "ftp://a.example/x", false},
	}
	for _, test := range tests {
		if sameHost(mustURL(t, test.from), mustURL(t, test.to)) != test.want {
			t.Errorf("%s to %s: want %t", test.from, test.to, test.want)
		}
	}
}

func mustURL(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
