package upstreamtoken

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// noon is the time that it is in these tests: 2024-03-01T12:00:00Z.
const noon = 1709294400

func at(seconds int64) time.Time { return time.Unix(noon+seconds, 5e8) }

// signer returns a key that signs.
func signer(t testing.TB, alg keys.Algorithm) *issuer.SigningKey {
	t.Helper()
	key, err := issuer.NewPEMKey("k", keys.Secret(jwttest.PrivatePEM(jwttest.Key(string(alg)))), alg)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// termsOf returns terms whose tokens live for a minute, with these claims: names and paths in turn.
func termsOf(t testing.TB, alg keys.Algorithm, claims ...string) Terms {
	t.Helper()
	terms := Terms{Key: signer(t, alg), Issuer: "https://gw", Audience: []string{"orders"}, Lifetime: time.Minute, MaxLength: 8000}
	for i := 0; i < len(claims); i += 2 {
		path, err := token.ParsePath(claims[i+1])
		if err != nil {
			t.Fatal(err)
		}
		terms.Claims = append(terms.Claims, Claim{claims[i], path})
	}
	return terms
}

// clientOf returns who has come with a token of these claims.
func clientOf(t testing.TB, claims map[string]any) Accepted {
	t.Helper()
	all := map[string]any{"sub": "ann"}
	maps.Copy(all, claims)
	unverified, err := token.Parse(jwttest.Sign(t, "HS256", jwttest.Secret, nil, all))
	if err != nil {
		t.Fatal(err)
	}
	key, err := keys.NewSecretKey("", []byte(jwttest.Secret), keys.HS256)
	if err != nil {
		t.Fatal(err)
	}
	v, err := unverified.VerifyWith(key)
	if err != nil {
		t.Fatal(err)
	}
	return Accepted{Token: v, User: "ann", Client: "shop"}
}

// read verifies a value with the key of the terms, as the upstream does.
func read(t testing.TB, terms Terms, value string) *token.Verified {
	t.Helper()
	unverified, err := token.Parse(strings.TrimPrefix(value, terms.Prefix))
	if err != nil {
		t.Fatal(err)
	}
	v, err := unverified.VerifyWith(terms.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The claims are those of RFC 9068 §2.2, then the chosen ones; the client's own are not there unless chosen.
func TestClaims(t *testing.T) {
	const ours = `"aud":"orders","client_id":"shop","iat":1709294400,"exp":1709294460,"jti":"`
	client := map[string]any{
		"sub": "u1", "iss": "them", "aud": "us", "jti": "theirs", "scope": "read", "tenant": map[string]any{"id": 7, "x": 1.50}, "mail": "a@b", "none": nil, "n": 12,
		"exp": noon + 3600, "nbf": noon - 1, "iat": noon - 1, "client_id": "them",
	}
	tests := []struct {
		name   string
		claims []string
		client map[string]any
		want   string // with the random part of jti left out
	}{
		{"none chosen", nil, client, `{"iss":"https://gw","sub":"ann",` + ours + `"}`},
		{"some", []string{"scope", "scope", "tenant", "tenant", "t", "$.tenant.id"}, client, `{"iss":"https://gw","sub":"ann",` + ours + `","scope":"read","tenant":{"id":7,"x":1.5},"t":7}`},
		{"missing, null", []string{"a", "absent", "b", "none"}, client, `{"iss":"https://gw","sub":"ann",` + ours + `"}`},
		{"sub chosen", []string{"sub", "mail"}, client, `{"iss":"https://gw","sub":"a@b",` + ours + `"}`},
		{"sub is a number", []string{"sub", "n"}, client, `{"iss":"https://gw","sub":"12",` + ours + `"}`},
		{"delegation", nil, map[string]any{"act": map[string]any{"sub": "bot"}}, `{"iss":"https://gw","sub":"ann",` + ours + `","act":{"sub":"bot"}}`},
		{"act chosen", []string{"act", "by"}, map[string]any{"act": "x", "by": map[string]any{"sub": "y"}}, `{"iss":"https://gw","sub":"ann",` + ours + `","act":{"sub":"y"}}`},
		{"act chosen, missing", []string{"act", "by"}, map[string]any{"act": "x"}, `{"iss":"https://gw","sub":"ann",` + ours + `"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			terms := termsOf(t, keys.ES256, test.claims...)
			value, _, err := terms.sign(clientOf(t, test.client), at(0))
			if err != nil {
				t.Fatal(err)
			}
			v := read(t, terms, value)
			if got := strings.Replace(v.Payload(), v.ID(), "", 1); got != test.want || len(v.ID()) != 22 {
				t.Errorf("got  %s\nwant %s", v.Payload(), test.want)
			}
			if v.Header() != `{"alg":"ES256","typ":"at+jwt","kid":"k"}` {
				t.Errorf("header %s", v.Header())
			}
		})
	}
}

// What cannot be made is not made up.
func TestNoToken(t *testing.T) {
	for name, client := range map[string]map[string]any{
		"missing": nil, "null": {"who": nil}, "empty": {"who": ""}, "object": {"who": map[string]any{"a": 1}}, "list": {"who": []string{"a"}}, "boolean": {"who": true},
	} {
		terms := termsOf(t, keys.ES256, "sub", "who")
		if value, _, err := terms.sign(clientOf(t, client), at(0)); err == nil || value != "" {
			t.Errorf("sub is %s: got %s", name, gjson.Parse(value))
		}
	}
	terms := termsOf(t, keys.ES256, "big", "big")
	for size, want := range map[int]bool{5000: true, 6000: false} {
		value, _, err := terms.sign(clientOf(t, map[string]any{"big": strings.Repeat("x", size)}), at(0))
		if (err == nil) != want || (value != "") != want {
			t.Errorf("%d bytes: %d, %v", size, len(value), err)
		}
	}
}

// A token never outlives the client's, and one that could live longer is renewed when a quarter of its life is left.
func TestLife(t *testing.T) {
	tests := []struct {
		name   string
		exp    any
		end    int64
		renews bool
	}{
		{"none", nil, 60, true},
		{"later", noon + 61, 60, true},
		{"as late", noon + 60, 60, false},
		{"earlier", noon + 59, 59, false},
		{"with a fraction", float64(noon) + 59.9, 59, false},
		{"over, within a leeway", noon - 5, -5, false},
		{"far", 1 << 52, 60, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			claims := map[string]any{}
			if test.exp != nil {
				claims["exp"] = test.exp
			}
			terms := termsOf(t, keys.ES256)
			value, life, err := terms.sign(clientOf(t, claims), at(0))
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, terms, value).Expires().Seconds() - noon; got != float64(test.end) || life.end-noon != test.end {
				t.Errorf("it ends at %v, want %v", got, test.end)
			}
			if renews := life.renew == noon+45 && life.late == noon+53; renews != test.renews {
				t.Errorf("life %+v", life)
			}
		})
	}
}

// Every algorithm with a key pair signs what a verifier takes.
func TestAlgorithms(t *testing.T) {
	for _, alg := range keys.Algorithms() {
		if alg.Kind() == keys.KindSecret {
			continue
		}
		terms := termsOf(t, alg)
		terms.Prefix = "Bearer "
		value, _, err := terms.sign(clientOf(t, nil), at(0))
		if err != nil || !strings.HasPrefix(value, "Bearer ey") {
			t.Fatalf("%s: %v", alg, err)
		}
		read(t, terms, value)
	}
}
