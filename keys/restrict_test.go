package keys

import (
	"crypto/hmac"
	"crypto/sha512"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// parsed returns a set of these keys.
func parsed(t testing.TB, keys ...jwttest.JWK) *Set {
	t.Helper()
	set, _, err := ParseJWKS([]byte(jwttest.JWKS(keys...)), JWKSOptions{Allowed: everything, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestNarrow(t *testing.T) {
	set := parsed(t, rsaJWK, octJWK, edJWK)
	tests := []struct {
		name    string
		allowed AlgorithmSet
		want    string
	}{
		{"some", NewAlgorithmSet(PS256, HS512, ES256), "r RSA: PS256\ns oct: HS512"},
		{"one kind", NewAlgorithmSet(EdDSA), "d OKP: EdDSA"},
		{"none", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			narrowed := set.Restrict(test.allowed)
			if shown(narrowed) != test.want {
				t.Errorf("got %s", shown(narrowed))
			}
			for _, k := range narrowed.Keys() {
				if len(narrowed.WithID(k.ID())) != 1 {
					t.Errorf("%s is not found by its ID", k.ID())
				}
			}
		})
	}
	if set.Restrict(everything) != set || (*Set)(nil).Restrict(everything) != nil {
		t.Error("a set of which nothing is taken must stay itself")
	}
}

// A narrowed secret verifies what is left to it and nothing else.
func TestNarrowedSecretVerifies(t *testing.T) {
	key := parsed(t, octJWK).Restrict(NewAlgorithmSet(HS512)).Keys()[0]
	mac := hmac.New(sha512.New, []byte(strings.Repeat("secret! ", 8)))
	mac.Write([]byte("message"))
	if !key.VerifyMAC(HS512, "message", mac.Sum(nil)) {
		t.Error("HS512 does not verify")
	}
	if key.VerifyMAC(HS256, "message", mac.Sum(nil)) || key.Allows(HS384) {
		t.Error("what was taken is still allowed")
	}
}

func TestSame(t *testing.T) {
	set := parsed(t, rsaJWK, edJWK)
	tests := []struct {
		name  string
		other *Set
		want  bool
	}{
		{"parsed again", parsed(t, rsaJWK, edJWK), true},
		{"other order", parsed(t, edJWK, rsaJWK), false},
		{"fewer", parsed(t, rsaJWK), false},
		{"other ID", parsed(t, rsaJWK.With("kid", "x"), edJWK), false},
		{"other algorithms", parsed(t, rsaJWK.With("alg", "RS256"), edJWK), false},
		{"other material", parsed(t, jwttest.NewJWK("r", jwttest.OtherRSAKey(2048)), edJWK), false},
		{"nil", nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if set.Equal(test.other) != test.want || test.other.Equal(set) != test.want {
				t.Errorf("want %t", test.want)
			}
		})
	}
}
