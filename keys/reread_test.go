package keys

import (
	"encoding/base64"
	"slices"
	"testing"

	"apinto-jwt/jwttest/must"
)

// A secret that was read the wrong way is among the other readings, whatever the spelling of its base64.
func TestReread(t *testing.T) {
	bytes := []byte("\xfb\xffa secret of some bytes")
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		text := []byte(e.EncodeToString(bytes))
		asText, err := NewSecretKey("", text, HS256)
		must.Succeed(t, err)
		decoded, err := NewSecretKey("", bytes, HS256)
		must.Succeed(t, err)
		same := func(want *Key) func(*Key) bool {
			return func(k *Key) bool { return k.Thumbprint() == want.Thumbprint() }
		}
		if asBase64, _ := asText.Reread(); !slices.ContainsFunc(asBase64, same(decoded)) {
			t.Errorf("%s is not read as base64", text)
		}
		if _, others := decoded.Reread(); !slices.ContainsFunc(others, same(asText)) {
			t.Errorf("%s is not among the texts", text)
		}
	}
}

func TestTrimmed(t *testing.T) {
	plain, err := NewSecretKey("", []byte("a secret"), HS256)
	must.Succeed(t, err)
	blank, err := NewSecretKey("", []byte(" a secret\n"), HS256)
	must.Succeed(t, err)
	if plain.Trimmed() != nil || blank.Trimmed() == nil || blank.Trimmed().Thumbprint() != plain.Thumbprint() {
		t.Error("the white space round a secret is not taken off")
	}
}
