package lint

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/keys"
)

// shortSecretEnd ends the driver's own warning about a short secret.
const shortSecretEnd = "(RFC 7518 §3.2)"

// lookAtSecrets looks at shared secrets and public keys. No finding shows one.
func lookAtSecrets(_ *Input, entries []*entry, r *reporter) {
	holders := make(map[[32]byte][]*entry)
	for _, e := range entries {
		if e.rule.Keys.Set == nil {
			continue
		}
		for i, key := range e.rule.Keys.Set.Keys() {
			if published(key.JWKThumbprint()) {
				r.add(idPublished, e.at(e.keyField()), fmt.Sprintf("key %d is an example of an RFC, whose private key is printed there", i+1))
			}
			if key.Kind() == keys.KindSecret {
				holders[key.Thumbprint()] = append(holders[key.Thumbprint()], e)
			}
		}
		if e.config.JWKS == "" && e.config.Secret != "" && e.rule.Keys.Set.Keys()[0].Kind() == keys.KindSecret {
			e.lookAtSecret(r)
		}
	}
	for _, e := range entries {
		if e.rule.Keys.Set != nil {
			e.lookAtHolders(holders, r)
		}
	}
}

// keyField is the field that has the entry's keys.
func (e *entry) keyField() string {
	switch {
	case e.config.JWKS != "":
		return "config.jwks"
	case e.rule.Keys.Set.Keys()[0].Kind() == keys.KindSecret:
		return "config.secret"
	}
	return "config.rsa_public_key"
}

// lookAtSecret looks at the secret of an HS algorithm.
func (e *entry) lookAtSecret(r *reporter) {
	text := strings.TrimSpace(e.config.Secret.Reveal())
	at := e.at("config.secret")
	key := e.rule.Keys.Set.Keys()[0]
	algorithm := key.Algorithms().List()[0]
	if guessable(text, e.config.SignatureIsBase64) {
		r.add(idPublished, at, "is a secret of examples, which everybody knows")
	} else if need := algorithm.Hash().Size() * 8; key.SecretBits() < need {
		r.add(idShortSecret, at, fmt.Sprintf("has %d bits, the hash of %s has %d", key.SecretBits(), algorithm, need))
	}
	switch {
	case e.config.SignatureIsBase64 && looksLikeText(text):
		r.add(idLooksText, e.at("config.signature_is_base_64"), "is on, but the secret has not the look of base64: "+textLook(text))
	case !e.config.SignatureIsBase64 && looksLikeBase64(text):
		r.add(idLooksBase64, e.at("config.signature_is_base_64"), "is off, but the secret has the look of base64")
	}
}

// lookAtHolders notes another application with the same secret, once for each entry.
func (e *entry) lookAtHolders(holders map[[32]byte][]*entry, r *reporter) {
	for _, key := range e.rule.Keys.Set.Keys() {
		for _, other := range holders[key.Thumbprint()] {
			if other.app.ID != e.app.ID {
				r.add(idSharedSecret, e.at(e.keyField()), "is that of "+other.name()+" too")
				return
			}
		}
	}
}

// Bounds of what looks like base64.
const (
	minBase64 = 20 // characters
	minRandom = 12 // characters from which on random base64 has letters of both cases
)

// looksLikeBase64 reports whether a secret that is taken as text has rather been written by a program as base64: of a length
// that keys have, or padded, with letters of both cases and digits.
func looksLikeBase64(text string) bool {
	decoded, err := keys.Secret(text).Bytes(true)
	if err != nil || len(text) < minBase64 || !mixed(text) {
		return false
	}
	return strings.HasSuffix(text, "=") || strings.ContainsAny(text, "+/") || slices.Contains([]int{16, 24, 32, 48, 64, 128}, len(decoded))
}

// mixed reports whether a text has letters of both cases and a digit, as random base64 of some length nearly always has.
func mixed(text string) bool {
	return strings.ContainsAny(text, lower) && strings.ContainsAny(text, strings.ToUpper(lower)) && strings.ContainsAny(text, digits)
}

// The letters and digits of base64.
const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
)

// looksLikeText reports whether a secret that is decoded from base64 has rather been thought up, or is hexadecimal.
func looksLikeText(text string) bool {
	if len(text) < minRandom || strings.HasSuffix(text, "=") {
		return false
	}
	return !strings.ContainsAny(text, lower) || !strings.ContainsAny(text, strings.ToUpper(lower))
}

// textLook says what such a secret rather is.
func textLook(text string) string {
	if _, err := hex.DecodeString(text); err == nil {
		return "it is hexadecimal, which no rule decodes"
	}
	return "its letters are of one case"
}

// guessable reports whether the secret stands in documentation that everybody reads, as it is or as base64 of it.
func guessable(text string, isBase64 bool) bool {
	readings := []string{text}
	if decoded, err := keys.Secret(text).Bytes(true); err == nil {
		readings = append(readings, string(decoded))
		if isBase64 {
			readings = append(readings, base64.RawURLEncoding.EncodeToString(decoded)) // as RFC 7515 prints its key
		}
	}
	return slices.ContainsFunc(readings, func(reading string) bool { return slices.Contains(examples, strings.ToLower(reading)) })
}

// examples are secrets of documentation, of tutorials and of people in a hurry, in lower case.
var examples = []string{
	"secret", "secretkey", "secret-key", "secret_key", "my-secret", "mysecret", "my_secret", "mysecretkey", "my-secret-key", "jwt-secret", "jwtsecret",
	"jwt_secret", "supersecret", "super-secret", "super_secret", "topsecret", "password", "passw0rd", "changeme", "change-me", "change_me", "changeit",
	"your-secret", "your_secret", "your-secret-key", "your_secret_key", "your-jwt-secret", "your_jwt_secret", "shhhhh", "test", "default", "admin",
	"123456", "12345678", "1234567890", "key", "qwerty", "example", "apinto", "apipark", "eolinker", "kong", "apisix", "none", "null", "undefined",
	"your-256-bit-secret", "your-384-bit-secret", "your-512-bit-secret", "a-string-secret-at-least-256-bits-long",
	"a-valid-string-secret-that-is-at-least-384-bits-long", "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
	"a-secret-of-at-least-32-characters", "another-secret-of-32-characters-or-more", // this project's documentation
	strings.ToLower("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"), // RFC 7515 §A.1
}

// published reports whether a key's private half is printed in an RFC, by its JWK thumbprint (RFC 7638 §3).
func published(thumbprint string) bool {
	if thumbprint == "" {
		return false
	}
	return slices.Contains(publishedKeys, thumbprint)
}

// publishedKeys are the JWK thumbprints of such keys.
var publishedKeys = []string{
	"IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8", // RFC 7515 §A.2, RSA
	"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", // RFC 7515 §A.3, P-256
	"u5YUSjQ2-2chBi51NSk3t3g7IM4o2KYcnPqPtCNGd3U", // RFC 7515 §A.4, P-521
	"cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", // RFC 7517 §A.2, P-256
	"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", // RFC 7517 §A.2, RSA
	"9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI", // RFC 7520 §3.4, RSA
	"dHri3SADZkrush5HU_50AoRhcKFryN-PI6jPBtPL55M", // RFC 7520 §3.2, P-521
	"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", // RFC 8037 §A.3, Ed25519
}
