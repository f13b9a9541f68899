package issuer

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"apinto-jwt/keys"
)

func TestAccessClaims(t *testing.T) {
	full := Access{
		Issuer: "us", Subject: "ann", Audience: []string{"orders"}, ClientID: "shop", ID: "x.1",
		IssuedAt: time.Unix(1000, 999), Lifetime: 900 * time.Second, User: "ann",
	}
	const usual = `"sub":"ann","aud":"orders","client_id":"shop","iat":1000,"nbf":1000,"exp":1900,"jti":"x.1"`
	tests := []struct {
		name   string
		change func(*Access)
		want   string
	}{
		{"all", func(*Access) {}, `{"iss":"us",` + usual + `}`},
		{"no issuer", func(a *Access) { a.Issuer = "" }, `{` + usual + `}`},
		{"path is sub", func(a *Access) { a.UserPath = []string{"sub"} }, `{"iss":"us",` + usual + `}`},
		{"path is a member", func(a *Access) { a.UserPath = []string{"name"} }, `{"iss":"us",` + usual + `,"name":"ann"}`},
		{"path goes down", func(a *Access) { a.UserPath = []string{"u", "n", "x"} }, `{"iss":"us",` + usual + `,"u":{"n":{"x":"ann"}}}`},
		{"extras", func(a *Access) { _ = a.Extra.SetStatic(map[string]any{"z": 1, "b": []any{true}}) }, `{"iss":"us",` + usual + `,"b":[true],"z":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := full
			tt.change(&a)
			claims, err := a.Claims()
			if got := string(claims.JSON()); err != nil || got != tt.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, got, tt.want)
			}
		})
	}
	for _, name := range []string{"iss", "sub", "aud", "client_id", "iat", "nbf", "exp", "jti", "u"} {
		a := full
		a.UserPath = []string{"u"}
		if err := a.Extra.Set(name, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Claims(); !errors.Is(err, ErrClaim) {
			t.Errorf("the further claim %q: %v", name, err)
		}
	}
	for _, path := range [][]string{{"exp"}, {"sub", "name"}, {"jti"}} {
		a := full
		a.UserPath = path
		if _, err := a.Claims(); !errors.Is(err, ErrClaim) {
			t.Errorf("the path %q: %v", path, err)
		}
	}
	full.Audience = []string{"a", "b"}
	if claims, err := full.Claims(); err != nil || !bytes.Contains(claims.JSON(), []byte(`"aud":["a","b"]`)) {
		t.Errorf("two audiences: %s, %v", claims.JSON(), err)
	}
}

// A derived key differs by label and by signing key, and is the same each time.
func TestDerive(t *testing.T) {
	seen := make(map[string]string)
	for _, alg := range []keys.Algorithm{keys.HS256, keys.ES256, keys.EdDSA, keys.RS256} {
		key := signingKey(t, "", alg)
		for _, label := range []string{"a", "b"} {
			one, err := key.Derive(label)
			again, _ := key.Derive(label)
			if err != nil || len(one) != 32 || !bytes.Equal(one, again) {
				t.Fatalf("%s %s: %x %x %v", alg, label, one, again, err)
			}
			if other, there := seen[string(one)]; there {
				t.Errorf("%s %s is the key of %s", alg, label, other)
			}
			seen[string(one)] = string(alg) + label
		}
	}
}
