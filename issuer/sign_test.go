package issuer

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// The documented example: header {"alg":"HS256","typ":"JWT"}, secret "apinto".
const examplePayload = `{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`

func TestSignDocumentedExample(t *testing.T) {
	want, err := os.ReadFile("testdata/example.jwt")
	must.Succeed(t, err)
	key, err := NewSecretKey("", []byte("apinto"), keys.HS256)
	must.Succeed(t, err)
	got, err := key.Sign(Header{Type: "JWT"}, []byte(examplePayload))
	must.Succeed(t, err)
	if got != strings.TrimSpace(string(want)) {
		t.Errorf("got %s", got)
	}
}

func TestSignIsAcceptedByVerifier(t *testing.T) {
	for _, algorithm := range keys.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			key := signingKey(t, "k1", algorithm)
			raw, err := key.Sign(Header{Type: "at+jwt"}, []byte(examplePayload))
			must.Succeed(t, err)
			unverified, err := token.Parse(raw)
			must.Succeed(t, err)
			if want := `{"alg":"` + string(algorithm) + `","typ":"at+jwt","kid":"k1"}`; unverified.UntrustedHeader() != want {
				t.Errorf("header %s, want %s", unverified.UntrustedHeader(), want)
			}
			if unverified.UntrustedPayload() != examplePayload {
				t.Errorf("payload %s", unverified.UntrustedPayload())
			}
			if _, err := unverified.Verify(keys.NewSet(key.Verifier())); err != nil {
				t.Error(err)
			}
			other := signingKey(t, "k1", keys.HS512)
			if algorithm == keys.HS512 {
				other = signingKey(t, "k1", keys.EdDSA)
			}
			if _, err := unverified.Verify(keys.NewSet(other.Verifier())); token.ReasonOf(err) != token.AlgorithmNotAllowed {
				t.Errorf("another key: %v", err)
			}
		})
	}
}

// The salt is as long as the hash (RFC 7518 §3.5), judged by the standard library, not by our verifier.
func TestSignPSSSalt(t *testing.T) {
	for _, algorithm := range []keys.Algorithm{keys.PS256, keys.PS384, keys.PS512} {
		t.Run(string(algorithm), func(t *testing.T) {
			raw, err := signingKey(t, "", algorithm).Sign(Header{}, []byte(`{}`))
			must.Succeed(t, err)
			dot := strings.LastIndexByte(raw, '.')
			signature, err := base64.RawURLEncoding.DecodeString(raw[dot+1:])
			must.Succeed(t, err)
			digest := algorithm.Hash().New()
			digest.Write([]byte(raw[:dot]))
			options := &rsa.PSSOptions{SaltLength: algorithm.Hash().Size()}
			if err := rsa.VerifyPSS(&jwttest.RSAKey(keys.MinRSABits).PublicKey, algorithm.Hash(), digest.Sum(nil), signature, options); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSignHeader(t *testing.T) {
	var extra Object
	for _, name := range []string{"z", "a"} {
		must.Succeed(t, extra.Set(name, name+"&"))
	}
	raw, err := signingKey(t, "", keys.HS256).Sign(Header{Extra: extra}, []byte(`{}`))
	must.Succeed(t, err)
	compact, err := token.ParseCompact(raw)
	must.Succeed(t, err)
	if want := `{"alg":"HS256","z":"z&","a":"a&"}`; compact.UntrustedHeader() != want {
		t.Errorf("header %s, want %s", compact.UntrustedHeader(), want)
	}
}

func TestSignRefuses(t *testing.T) {
	tests := []struct {
		name    string
		header  string // further header parameters
		typ     string
		payload string
		want    error
	}{
		{"alg set by hand", `{"alg":"none"}`, "", `{}`, ErrHeader},
		{"kid set by hand", `{"kid":"k"}`, "", `{}`, ErrHeader},
		{"typ set by hand", `{"typ":"JWT"}`, "", `{}`, ErrHeader},
		{"crit", `{"crit":["exp"]}`, "", `{}`, &token.Error{Reason: token.CriticalUnknown}},
		{"no JWT type", `{}`, "jose", `{}`, &token.Error{Reason: token.TypeNotAllowed}},
		{"payload no object", `{}`, "", `[]`, &token.Error{Reason: token.TokenMalformed}},
		{"payload empty", `{}`, "", ``, &token.Error{Reason: token.TokenMalformed}},
		{"exp a string", `{}`, "", `{"exp":"1"}`, &token.Error{Reason: token.TokenMalformed}},
		{"member twice", `{}`, "", `{"a":1,"a":2}`, &token.Error{Reason: token.TokenMalformed}},
		{"too large", `{}`, "", `{"a":"` + strings.Repeat("a", token.MaxSize) + `"}`, &token.Error{Reason: token.TokenTooLarge}},
	}
	key := signingKey(t, "", keys.HS256)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			extra, err := ParseObject([]byte(tt.header))
			must.Succeed(t, err)
			raw, err := key.Sign(Header{Type: tt.typ, Extra: extra}, []byte(tt.payload))
			if !errors.Is(err, tt.want) || raw != "" {
				t.Errorf("got %q, %v; want %v", raw, err, tt.want)
			}
			if isTokenError := new(token.Error); errors.As(err, &isTokenError) && !errors.Is(err, ErrUnacceptable) {
				t.Errorf("%v is not ErrUnacceptable", err)
			}
		})
	}
}
