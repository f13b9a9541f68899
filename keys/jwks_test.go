package keys

import (
	"crypto/elliptic"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// everything is all algorithms.
var everything = NewAlgorithmSet(Algorithms()...)

// The keys that the tests of this file change.
var (
	rsaJWK = jwttest.NewJWK("r", jwttest.RSAKey(2048))
	ecJWK  = jwttest.NewJWK("e", jwttest.ECKey(elliptic.P256()))
	edJWK  = jwttest.NewJWK("d", jwttest.Ed25519Key())
	octJWK = jwttest.NewJWK("s", []byte(strings.Repeat("secret! ", 8)))
)

// read returns a file of testdata.
func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// shown returns a set as "kid kind: algorithms", a line a key.
func shown(s *Set) string {
	var lines []string
	for _, k := range s.Keys() {
		lines = append(lines, fmt.Sprintf("%s %s: %s", k.ID(), k.Kind(), k.Algorithms()))
	}
	return strings.Join(lines, "\n")
}

func TestParseJWKSFiles(t *testing.T) {
	tests := []struct {
		file    string
		want    string
		skipped int
	}{
		{"rfc7517-a1.json", "2011-04-29 RSA: RS256", 1},                                                   // an "enc" key
		{"rfc7517-a3.json", "HMAC key used in JWS spec Appendix A.1 example oct: HS256, HS384, HS512", 1}, // an A128KW key
		{"rfc7638-3.1.json", "2011-04-29 RSA: RS256", 0},
		{"rfc8037-a2.json", " OKP: EdDSA, Ed25519", 0},
		// Written by github.com/MicahParks/jwkset v0.11.4; the last key, of X25519, is for no signature.
		{"jwkset.json", "rsa RSA: RS256\nrsa-any RSA: RS256, RS384, RS512, PS256, PS384, PS512\n" +
			"p256 EC: ES256\np384 EC: ES384\np521 EC: ES512\ned OKP: EdDSA", 1},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			set, warnings, err := ParseJWKS(read(t, test.file), JWKSOptions{Allowed: everything, Strict: true})
			if err != nil || shown(set) != test.want || len(warnings) != test.skipped {
				t.Errorf("got %s\nwarnings %q, error %v", shown(set), warnings, err)
			}
		})
	}
}

func TestParseJWKSBinds(t *testing.T) {
	allRSA := "RS256, RS384, RS512, PS256, PS384, PS512"
	long := strings.Repeat("AAAA", 3)
	tests := []struct {
		name    string
		jwk     jwttest.JWK
		allowed AlgorithmSet
		want    string
	}{
		{"RSA without alg", rsaJWK, everything, allRSA},
		{"RSA without alg, some allowed", rsaJWK, NewAlgorithmSet(PS256, HS256, ES256, RS256), "RS256, PS256"},
		{"RSA with alg", rsaJWK.With("alg", "PS384"), everything, "PS384"},
		{"RSA with a leading zero", rsaJWK.With("e", "AAEAAQ"), everything, allRSA},
		{"EC without alg", ecJWK, everything, "ES256"},
		{"EC with alg", ecJWK.With("alg", "ES256"), NewAlgorithmSet(ES256), "ES256"},
		{"P-521", jwttest.NewJWK("", jwttest.ECKey(elliptic.P521())), everything, "ES512"},
		{"Ed25519", edJWK, everything, "EdDSA, Ed25519"},
		{"oct of 64 octets", octJWK, everything, "HS256, HS384, HS512"},
		{"oct of 48 octets", octJWK.With("k", strings.Repeat("A", 64)), everything, "HS256, HS384"},
		{"oct with alg", octJWK.With("alg", "HS384"), everything, "HS384"},
		{"oct, public allowed too", octJWK, NewAlgorithmSet(RS256, ES256, HS256), "HS256"},
		{"use sig", ecJWK.With("use", "sig"), everything, "ES256"},
		{"key_ops", ecJWK.With("key_ops", []string{"sign", "verify"}), everything, "ES256"},
		{"without kid", ecJWK.Without("kid"), everything, "ES256"},
		{"unknown members", ecJWK.With("x5t", long).With("KTY", "RSA").With("Alg", "none").With("D", long), everything, "ES256"},
		{"oct with what is private elsewhere", octJWK.With("d", long), everything, "HS256, HS384, HS512"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, text := range []string{jwttest.JWKS(test.jwk), strings.TrimSuffix(strings.TrimPrefix(jwttest.JWKS(test.jwk), `{"keys":[`), "]}")} {
				set, warnings, err := ParseJWKS([]byte(text), JWKSOptions{Allowed: test.allowed, Strict: true})
				if err != nil || len(warnings) != 0 {
					t.Fatalf("%v, warnings %q", err, warnings)
				}
				if got := set.Keys()[0].Algorithms().String(); got != test.want {
					t.Errorf("bound to %s", got)
				}
			}
		})
	}
}

// A key that is not for us is skipped, strict or not, and the others stay.
func TestParseJWKSSkips(t *testing.T) {
	tests := []struct {
		name    string
		jwk     jwttest.JWK
		allowed AlgorithmSet
		warning string
	}{
		{"enc", rsaJWK.With("use", "enc"), everything, `keys[0] (kid "r") is skipped: its use is "enc"`},
		{"unknown use", rsaJWK.With("use", "SIG"), everything, `use is "SIG"`},
		{"key_ops without verify", rsaJWK.With("key_ops", []string{"encrypt"}), everything, "key_ops"},
		{"empty key_ops", rsaJWK.With("key_ops", []string{}), everything, "key_ops"},
		{"unknown kty", rsaJWK.With("kty", "AKP"), everything, `kty "AKP"`},
		{"kty in another case", rsaJWK.With("kty", "rsa"), everything, `kty "rsa"`},
		{"secp256k1", ecJWK.With("crv", "secp256k1"), everything, `crv "secp256k1"`},
		{"X25519", edJWK.With("crv", "X25519"), everything, `crv "X25519"`},
		{"unknown alg", rsaJWK.With("alg", "RSA-OAEP"), everything, `alg "RSA-OAEP"`},
		{"alg none", rsaJWK.With("alg", "none"), everything, `alg "none"`},
		{"alg in another case", rsaJWK.With("alg", "rs256"), everything, `alg "rs256"`},
		{"alg is not allowed", rsaJWK.With("alg", "RS512"), NewAlgorithmSet(RS256, EdDSA), "not among the allowed ones (RS256, EdDSA)"},
		{"no algorithm fits", rsaJWK, NewAlgorithmSet(HS256, ES256, EdDSA), "an RSA key fits none"},
		{"no algorithm fits a secret", octJWK, NewAlgorithmSet(RS256, EdDSA), "a shared secret fits none"},
		{"repeated", jwttest.NewJWK("d", jwttest.Ed25519Key()), everything, "repeats"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, strict := range []bool{true, false} {
				list := []jwttest.JWK{test.jwk, edJWK}
				if test.name == "repeated" {
					list = []jwttest.JWK{edJWK, test.jwk}
				}
				set, warnings, err := ParseJWKS([]byte(jwttest.JWKS(list...)), JWKSOptions{Allowed: test.allowed, Strict: strict})
				want := "d OKP: EdDSA"
				if test.allowed == everything {
					want += ", Ed25519"
				}
				if err != nil || shown(set) != want {
					t.Fatalf("got %s, %v", shown(set), err)
				}
				if len(warnings) != 1 || !strings.Contains(warnings[0], test.warning) {
					t.Errorf("warnings %q", warnings)
				}
			}
			if test.name == "repeated" {
				return
			}
			_, _, err := ParseJWKS([]byte(jwttest.JWKS(test.jwk)), JWKSOptions{Allowed: test.allowed})
			if !errors.Is(err, ErrNoUsableKey) || !strings.Contains(err.Error(), test.warning) {
				t.Errorf("alone: %v", err)
			}
		})
	}
}

// jwksOf returns a JWK Set of anything.
func jwksOf(t testing.TB, keys ...any) []byte {
	t.Helper()
	list := make([]string, len(keys))
	for i, key := range keys {
		switch key := key.(type) {
		case jwttest.JWK:
			list[i] = strings.TrimSuffix(strings.TrimPrefix(jwttest.JWKS(key), `{"keys":[`), "]}")
		case nil:
			list[i] = "null"
		default:
			list[i] = fmt.Sprintf("%q", key)
		}
	}
	return []byte(`{"keys":[` + strings.Join(list, ",") + `]}`)
}
