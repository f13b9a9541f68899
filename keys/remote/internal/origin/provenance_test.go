package origin

import (
	"net/url"
	"testing"
)

// Loopback needs no TLS, but a way that began with TLS must not end without it.
func TestInsecure(t *testing.T) {
	const secure, local, open = "https://issuer.example/a", "http://127.0.0.1/b", "http://issuer.example/c"
	tests := []struct {
		way  []string
		want bool
	}{
		{[]string{secure}, false},
		{[]string{local}, false},
		{[]string{open}, true},
		{[]string{secure, secure}, false},
		{[]string{local, secure}, false},
		{[]string{local, local}, false},
		{[]string{secure, local}, true},
		{[]string{secure, open}, true},
		{[]string{open, secure}, true},
		{[]string{local, open}, true},
	}
	for _, test := range tests {
		var way []*url.URL
		for _, text := range test.way {
			way = append(way, mustURL(t, text))
		}
		if got := insecure(way...); got != test.want {
			t.Errorf("%q: %t", test.way, got)
		}
	}
}
