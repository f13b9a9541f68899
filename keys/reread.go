package keys

import (
	"bytes"
	"encoding/base64"
)

// Reread returns the keys that the secret would be if its text were read the other way, for who looks for the cause of a MAC
// that does not verify: base64 that was taken as text, and text that was taken as base64. The latter's spelling is not known, so
// each is tried. Both are empty for a public key.
func (k *Key) Reread() (asBase64, asText []*Key) {
	if k.secret == nil {
		return nil, nil
	}
	list := k.allowed.List()
	if decoded, err := Secret(k.secret()).Bytes(true); err == nil {
		if key, err := NewSecretKey(k.id, decoded, list...); err == nil {
			asBase64 = append(asBase64, key)
		}
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if key, err := NewSecretKey(k.id, []byte(e.EncodeToString(k.secret())), list...); err == nil {
			asText = append(asText, key)
		}
	}
	return asBase64, asText
}

// Trimmed returns the key that the secret would be without the white space round it; nil if there is none, or for a public
// key.
func (k *Key) Trimmed() *Key {
	if k.secret == nil {
		return nil
	}
	trimmed := bytes.TrimSpace(k.secret())
	if len(trimmed) == len(k.secret()) {
		return nil
	}
	key, err := NewSecretKey(k.id, trimmed, k.allowed.List()...)
	if err != nil {
		return nil
	}
	return key
}
