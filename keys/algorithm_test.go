package keys

import (
	"crypto"
	"slices"
	"strings"
	"testing"
)

func TestAlgorithms(t *testing.T) {
	tests := []struct {
		name  Algorithm
		kind  Kind
		hash  crypto.Hash
		curve string
	}{ // RFC 7518 §3.1, RFC 8037 §3.1
		{"HS256", "oct", crypto.SHA256, ""},
		{"HS384", "oct", crypto.SHA384, ""},
		{"HS512", "oct", crypto.SHA512, ""},
		{"RS256", "RSA", crypto.SHA256, ""},
		{"RS384", "RSA", crypto.SHA384, ""},
		{"RS512", "RSA", crypto.SHA512, ""},
		{"ES256", "EC", crypto.SHA256, "P-256"},
		{"ES384", "EC", crypto.SHA384, "P-384"},
		{"ES512", "EC", crypto.SHA512, "P-521"},
		{"PS256", "RSA", crypto.SHA256, ""},
		{"PS384", "RSA", crypto.SHA384, ""},
		{"PS512", "RSA", crypto.SHA512, ""},
		{"EdDSA", "OKP", 0, ""},
		{"Ed25519", "OKP", 0, ""},
	}
	if len(Algorithms()) != len(tests) {
		t.Errorf("%d algorithms, want %d", len(Algorithms()), len(tests))
	}
	for i, test := range tests {
		t.Run(string(test.name), func(t *testing.T) {
			a, err := ParseAlgorithm(string(test.name))
			if err != nil || a != test.name || Algorithms()[i] != a || !a.Known() {
				t.Fatalf("got %q, %v", a, err)
			}
			if a.Kind() != test.kind || a.Hash() != test.hash || a.Curve() != test.curve {
				t.Errorf("got %s, %v, %s", a.Kind(), a.Hash(), a.Curve())
			}
			if test.hash != 0 && !test.hash.Available() {
				t.Error("its hash is not linked in")
			}
		})
	}
}

func TestUnknownAlgorithms(t *testing.T) {
	for _, name := range []string{
		"", " ", "none", "None", "NONE", "hs256", "HS256 ", " HS256", "HS256\x00", "HS257", "HS1", "RS1", "ES256K", "ES512K", "ed25519", "Ed448", "EDDSA", "HS256,RS256", "RSA-OAEP",
		strings.Repeat("A", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ParseAlgorithm(name)
			if err == nil || a != "" {
				t.Fatalf("got %q", a)
			}
			if text := err.Error(); !strings.Contains(text, "HS256, HS384, HS512, RS256") || len(text) > 250 {
				t.Errorf("the error does not list what is allowed, or shows too much: %s", text)
			}
			if a := Algorithm(name); a.Known() || a.Kind() != "" || a.Hash() != 0 || a.Curve() != "" || NewAlgorithmSet(a) != 0 || NewAlgorithmSet(Algorithms()...).Has(a) {
				t.Error("something is known of it")
			}
		})
	}
}

func TestAlgorithmSet(t *testing.T) {
	for _, test := range []struct {
		name string
		set  AlgorithmSet
		want []Algorithm
		text string
	}{
		{"empty", NewAlgorithmSet(), nil, ""},
		{"one", NewAlgorithmSet(EdDSA), []Algorithm{EdDSA}, "EdDSA"},
		{"in the table's order", NewAlgorithmSet(PS256, HS256, ES384), []Algorithm{HS256, ES384, PS256}, "HS256, ES384, PS256"},
		{"twice", NewAlgorithmSet(RS256, RS256), []Algorithm{RS256}, "RS256"},
		{"unknown left out", NewAlgorithmSet("none", RS256, ""), []Algorithm{RS256}, "RS256"},
		{"all", NewAlgorithmSet(Algorithms()...), Algorithms(), AlgorithmNames()},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !slices.Equal(test.set.List(), test.want) || test.set.String() != test.text {
				t.Errorf("got %v, %q", test.set.List(), test.set)
			}
			for _, a := range Algorithms() {
				if test.set.Has(a) != slices.Contains(test.want, a) {
					t.Errorf("Has(%s) is %v", a, test.set.Has(a))
				}
			}
		})
	}
}
