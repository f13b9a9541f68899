package keys

import (
	"crypto/elliptic"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// read is a file of testdata.
func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// shown is a set as "kid kind: algorithms", a line a key.
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
		{"rfc8037-a2.json", " OKP: EdDSA", 0},
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
		{"Ed25519", edJWK, everything, "EdDSA"},
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
				if err != nil || shown(set) != "d OKP: EdDSA" {
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

// A weak or malformed key is a fault of an inline set, and is skipped in a remote one.
func TestParseJWKSFaults(t *testing.T) {
	x := ecJWK["x"].(string)
	tests := []struct {
		name string
		jwk  any
		want error
	}{
		{"no object", "text", ErrJWK},
		{"null", nil, ErrJWK},
		{"kty missing", rsaJWK.Without("kty"), ErrJWK},
		{"kty no string", rsaJWK.With("kty", 1), ErrJWK},
		{"kid no string", rsaJWK.With("kid", 7), ErrJWK},
		{"alg null", rsaJWK.With("alg", nil), ErrJWK},
		{"use no string", rsaJWK.With("use", []string{"sig"}), ErrJWK},
		{"key_ops no list", rsaJWK.With("key_ops", "verify"), ErrJWK},
		{"key_ops repeated", rsaJWK.With("key_ops", []string{"verify", "verify"}), ErrJWK},
		{"key_ops no strings", rsaJWK.With("key_ops", []any{"verify", 1}), ErrJWK},
		{"n missing", rsaJWK.Without("n"), ErrJWK},
		{"n empty", rsaJWK.With("n", ""), ErrEmpty},
		{"n padded", rsaJWK.With("e", "AQAB=="), ErrBase64},
		{"standard alphabet", edJWK.With("x", strings.Repeat("+", 43)), ErrBase64},
		{"line break", rsaJWK.With("e", "AQ\nAB"), ErrBase64},
		{"space", rsaJWK.With("e", "AQAB "), ErrBase64},
		{"stray bits", edJWK.With("x", strings.Repeat("A", 42)+"B"), ErrBase64},
		{"1024 bits", jwttest.NewJWK("w", jwttest.RSAKey(1024)), ErrWeakKey},
		{"16384 bits", rsaJWK.With("n", "w"+strings.Repeat("A", 2729)+"E"), ErrUnsupportedKey},
		{"even modulus", rsaJWK.With("n", "w"+strings.Repeat("A", 343)), ErrUnsupportedKey},
		{"exponent 1", rsaJWK.With("e", "AQ"), ErrUnsupportedKey},
		{"even exponent", rsaJWK.With("e", "AQAA"), ErrUnsupportedKey},
		{"exponent of 33 bits", rsaJWK.With("e", "AQAAAAE"), ErrUnsupportedKey},
		{"exponent that wraps to 3", rsaJWK.With("e", "AQAAAAAAAAAD"), ErrUnsupportedKey},
		{"crv missing", ecJWK.Without("crv"), ErrJWK},
		{"y missing", ecJWK.Without("y"), ErrJWK},
		{"x short", ecJWK.With("x", x[4:]), ErrJWK},
		{"x long", ecJWK.With("x", "AAAA"+x), ErrJWK},
		{"not on the curve", ecJWK.With("y", x), ErrUnsupportedKey},
		{"point at infinity", ecJWK.With("x", strings.Repeat("A", 43)).With("y", strings.Repeat("A", 43)), ErrUnsupportedKey},
		{"another curve's length", ecJWK.With("crv", "P-384"), ErrJWK},
		{"alg of another curve", ecJWK.With("alg", "ES384"), ErrKeyMismatch},
		{"alg of another kind", rsaJWK.With("alg", "ES256"), ErrKeyMismatch},
		{"HMAC with a public key", rsaJWK.With("alg", "HS256"), ErrKeyMismatch},
		{"RSA alg with a secret", octJWK.With("alg", "RS256"), ErrKeyMismatch},
		{"Ed25519 of 31 octets", edJWK.With("x", strings.Repeat("A", 42)), ErrUnsupportedKey},
		{"Ed25519 without crv", edJWK.Without("crv"), ErrJWK},
		{"k missing", octJWK.Without("k"), ErrJWK},
		{"k empty", octJWK.With("k", ""), ErrEmpty},
		{"k padded", octJWK.With("k", octJWK["k"].(string)+"=="), ErrBase64},
		{"k short", octJWK.With("k", "c2VjcmV0"), ErrWeakKey},
		{"k short for its alg", octJWK.With("alg", "HS512").With("k", strings.Repeat("A", 43)), ErrWeakKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := jwksOf(t, edJWK.With("kid", "good"), test.jwk)
			_, _, err := ParseJWKS(text, JWKSOptions{Allowed: everything, Strict: true})
			if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "keys[1]") {
				t.Errorf("strict: %v", err)
			}
			set, warnings, err := ParseJWKS(text, JWKSOptions{Allowed: everything})
			if err != nil || shown(set) != "good OKP: EdDSA" || len(warnings) != 1 || !strings.HasPrefix(warnings[0], "keys[1]") {
				t.Errorf("not strict: %s, %q, %v", shown(set), warnings, err)
			}
		})
	}
}

func TestParseJWKSRefuses(t *testing.T) {
	many := make([]jwttest.JWK, MaxJWKSKeys+1)
	for i := range many {
		many[i] = octJWK.With("kid", fmt.Sprint(i))
	}
	good := jwttest.JWKS(edJWK)
	tests := []struct {
		name string
		text string
		want error
	}{
		{"nothing", "", ErrEmpty},
		{"blank", " \n", ErrEmpty},
		{"too long", good + strings.Repeat(" ", MaxJWKSSize), ErrTooLarge},
		{"too many", jwttest.JWKS(many...), ErrTooLarge},
		{"no JSON", "<html>", ErrJWKS},
		{"a list", "[" + good + "]", ErrJWKS},
		{"text behind", good + "x", ErrJWKS},
		{"not UTF-8", strings.Replace(good, `"kid":"d"`, "\"kid\":\"\xff\"", 1), ErrJWKS},
		{"keys twice", `{"keys":[],` + good[1:], ErrJWKS},
		{"keys in another case", strings.Replace(good, "keys", "Keys", 1), ErrJWKS},
		{"keys no list", `{"keys":{}}`, ErrJWKS},
		{"neither set nor key", `{"jwks_uri":"https://a.example"}`, ErrJWKS},
		{"nested too deep", `{"keys":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`, ErrJWKS},
		{"empty", `{"keys":[]}`, ErrNoUsableKey},
		{"member twice", `{"keys":[{"kty":"oct","k":"AAAA","k":"BBBB"}]}`, ErrNoUsableKey},
		{"member twice by escape", `{"keys":[{"kty":"oct","k":"AAAA","\u006b":"BBBB"}]}`, ErrNoUsableKey},
		{"private EC (RFC 7517 A.2)", string(read(t, "rfc7517-a2-ec.json")), ErrPrivateKey},
	}
	for _, name := range privateMembers {
		for _, jwk := range []jwttest.JWK{rsaJWK, ecJWK, edJWK, rsaJWK.With("use", "enc"), rsaJWK.With("kty", "AKP"), rsaJWK.Without("kty"), rsaJWK.With("alg", "x")} {
			tests = append(tests, struct {
				name string
				text string
				want error
			}{fmt.Sprintf("private %v %s", jwk["kty"], name), jwttest.JWKS(edJWK, jwk.With(name, "AAAA")), ErrPrivateKey})
		}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, _, err := ParseJWKS([]byte(test.text), JWKSOptions{Allowed: everything})
			if !errors.Is(err, test.want) || set != nil {
				t.Fatalf("got %v", err)
			}
			if errors.Is(test.want, ErrPrivateKey) && !strings.Contains(err.Error(), "keys[") {
				t.Errorf("the key is not named: %v", err)
			}
		})
	}
}

func TestParseJWKSLimits(t *testing.T) {
	most := make([]jwttest.JWK, MaxJWKSKeys)
	for i := range most {
		most[i] = edJWK.With("kid", fmt.Sprint(i))
	}
	set, _, err := ParseJWKS([]byte(jwttest.JWKS(most...)), JWKSOptions{Allowed: everything, Strict: true})
	if err != nil || set.Len() != MaxJWKSKeys {
		t.Errorf("%d keys: %v", set.Len(), err)
	}
	text := jwttest.JWKS(edJWK)
	text += strings.Repeat(" ", MaxJWKSSize-len(text))
	if _, _, err := ParseJWKS([]byte(text), JWKSOptions{Allowed: everything}); err != nil {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	for i := range most {
		most[i] = edJWK.With("use", "enc").With("kid", fmt.Sprint(i))
	}
	_, warnings, err := ParseJWKS([]byte(jwttest.JWKS(most...)), JWKSOptions{Allowed: everything})
	if len(warnings) != MaxJWKSKeys || len(err.Error()) > 2000 || !strings.Contains(err.Error(), "and 248 more") {
		t.Errorf("%d warnings, %v", len(warnings), err)
	}
}

// Whatever is wrong with a key, nothing of its material is shown.
func TestParseJWKSShowsNoMaterial(t *testing.T) {
	const canary = "Q0FOQVJZ"
	var all []string
	for _, jwk := range []jwttest.JWK{rsaJWK, ecJWK, edJWK, octJWK} {
		for _, name := range slices.Concat([]string{"k", "n", "e", "x", "y"}, privateMembers[:]) {
			for _, value := range []any{canary, canary + "=", []string{canary}} {
				for _, strict := range []bool{true, false} {
					_, warnings, err := ParseJWKS([]byte(jwttest.JWKS(jwk.With(name, value))), JWKSOptions{Allowed: everything, Strict: strict})
					all = append(append(all, warnings...), fmt.Sprint(err))
				}
			}
		}
	}
	all = append(all, fmt.Sprint(ParseJWKS([]byte(`{"keys":[{"k":"`+canary+`\ud800"}]}`), JWKSOptions{})))
	for _, text := range all {
		if strings.Contains(text, canary) {
			t.Errorf("shown: %s", text)
		}
	}
}

// jwksOf is a JWK Set of anything.
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
