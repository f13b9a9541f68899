package token_test

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// secret signs the tokens of these tests.
const secret = "0123456789abcdef0123456789abcdef"

// signed returns a token with exactly this header and payload, by HS256.
func signed(t testing.TB, header, payload string) string {
	t.Helper()
	return jwttest.SignRaw(t, "HS256", secret, []byte(header), []byte(payload))
}

// claimed returns a token with this payload.
func claimed(t testing.TB, payload string) string {
	t.Helper()
	return signed(t, `{"alg":"HS256"}`, payload)
}

// secretKey returns a key of the HS algorithms.
func secretKey(t testing.TB, id, secret string, algs ...keys.Algorithm) *keys.Key {
	t.Helper()
	key, err := keys.NewSecretKey(id, []byte(secret), algs...)
	must.Succeed(t, err)
	return key
}

// verified returns a token of these tests after its signature check.
func verified(t testing.TB, raw string) *token.Verified {
	t.Helper()
	u, err := token.Parse(raw)
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	v, err := u.VerifyWith(secretKey(t, "", secret, keys.HS256))
	must.Succeed(t, err)
	return v
}

// wantReason fails if an error has another reason, or names another part.
func wantReason(t testing.TB, err error, reason token.Reason, part string) {
	t.Helper()
	got, ok := err.(*token.Error) //nolint:errorlint // the package returns it as it is
	switch {
	case err == nil && reason == token.Accepted:
	case err == nil:
		t.Errorf("accepted, want %s in %q", reason, part)
	case !ok:
		t.Errorf("%T %v, want %s in %q", err, err, reason, part)
	case got.Reason != reason || got.Part != part:
		t.Errorf("got %v in %q, want %s in %q", err, got.Part, reason, part)
	}
}
