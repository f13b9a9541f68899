package keys

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

func TestJWKThumbprint(t *testing.T) {
	tests := []struct{ file, want string }{
		{"rfc7638-3.1.json", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
		{"rfc8037-a2.json", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},
		{"rfc7517-a3.json", ""}, // a secret
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			set, _, err := ParseJWKS(read(t, test.file), JWKSOptions{Allowed: everything})
			must.Succeed(t, err)
			if got := set.Keys()[0].JWKThumbprint(); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

// The text equals another library's, and is read as the same set.
func TestEncodeJWKS(t *testing.T) {
	source := read(t, "jwkset.json")
	set, _, err := ParseJWKS(source, JWKSOptions{Allowed: everything})
	must.Succeed(t, err)
	text, err := EncodeJWKS(set)
	must.Succeed(t, err)
	again, warnings, err := ParseJWKS(text, JWKSOptions{Allowed: everything, Strict: true})
	if err != nil || len(warnings) != 0 || !again.Equal(set) {
		t.Errorf("read again as %s, %q, %v", shown(again), warnings, err)
	}
	var theirs, ours struct{ Keys []map[string]any }
	must.Succeed(t, errors.Join(json.Unmarshal(source, &theirs), json.Unmarshal(text, &ours)))
	for i, key := range ours.Keys {
		for name, value := range key {
			if theirs.Keys[i][name] != value && (name != "alg" || theirs.Keys[i][name] != nil) {
				t.Errorf("keys[%d].%s is %v, not %v", i, name, value, theirs.Keys[i][name])
			}
		}
	}
}

func TestEncodeJWKSWritesNoSecret(t *testing.T) {
	set, _, err := ParseJWKS([]byte(jwttest.JWKS(rsaJWK, octJWK)), JWKSOptions{Allowed: everything})
	must.Succeed(t, err)
	text, err := EncodeJWKS(set)
	if !errors.Is(err, ErrSecretKey) || text != nil {
		t.Errorf("got %s, %v", text, err)
	}
	if strings.Contains(err.Error(), octJWK["k"].(string)) {
		t.Errorf("shown: %v", err)
	}
	if text, err := EncodeJWKS(NewSet()); err != nil || string(text) != `{"keys":[]}` {
		t.Errorf("an empty set: %s, %v", text, err)
	}
}
