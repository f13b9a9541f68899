package resourceuri

import (
	"errors"
	"testing"
)

// RFC 8707 §2: an absolute URI without a fragment.
func TestCheck(t *testing.T) {
	for text, want := range map[string]error{
		"https://api.example/orders": nil,
		"https://api.example?a=b":    nil,
		"urn:example:orders":         nil,
		"http://[::1]:8080/":         nil,
		"":                           ErrRelative,
		"orders":                     ErrRelative,
		"/orders":                    ErrRelative,
		"//api.example/orders":       ErrRelative,
		"https:":                     ErrRelative,
		"https://":                   ErrRelative,
		"https:///orders":            ErrRelative,
		"https://api.example/a b":    ErrRelative,
		"https://api.example/a\nb":   ErrRelative,
		"https://api.example/é":      ErrRelative,
		"https://api.example/%zz":    ErrRelative,
		`https://api.example/"`:      ErrRelative,
		"https://api.example/#":      ErrFragment,
		"https://api.example/#a":     ErrFragment,
	} {
		if got := Check(text); !errors.Is(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// RFC 3986 §6.2.2.1, §6.2.3.
func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.example":            "https://api.example/",
		"HTTPS://API.example/Orders":     "https://api.example/Orders",
		"https://api.example?A=B":        "https://api.example/?A=B",
		"https://User@API.example":       "https://User@api.example/",
		"https://api.example:443/orders": "https://api.example:443/orders",
		"https://api.example/orders/":    "https://api.example/orders/",
		"https://api.example/orders":     "https://api.example/orders",
		"https://api.example/%41":        "https://api.example/%41",
		"URN:Example:Orders":             "urn:Example:Orders",
		"spiffe://Trust.Example":         "spiffe://trust.example",
		"orders":                         "orders",
		"https://API.example/#a":         "https://API.example/#a",
	} {
		if got := Canonical(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
