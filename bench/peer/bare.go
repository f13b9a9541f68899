package peer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"

	"apinto-jwt/bench/token"
)

// Signed is a token taken apart beforehand: what the cryptography needs and nothing else.
type Signed struct {
	input, signature []byte
	r, s             *big.Int // of ES256
}

// Split takes a token apart. The token is one of ours.
func Split(text string) Signed {
	at := strings.LastIndexByte(text, '.')
	signature, err := base64.RawURLEncoding.DecodeString(text[at+1:])
	if err != nil {
		panic(err)
	}
	signed := Signed{input: []byte(text[:at]), signature: signature}
	if half := len(signature) / 2; half == 32 {
		signed.r, signed.s = new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
	}
	return signed
}

// Bare returns the standard library's hash and verification alone: the floor for any verifier that checks a signature.
func Bare(k token.Key) func(Signed) bool {
	switch key := k.Public.(type) {
	case *rsa.PublicKey:
		if k.Algorithm == "PS256" {
			return func(t Signed) bool {
				digest := sha256.Sum256(t.input)
				return rsa.VerifyPSS(key, crypto.SHA256, digest[:], t.signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
			}
		}
		return func(t Signed) bool {
			digest := sha256.Sum256(t.input)
			return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], t.signature) == nil
		}
	case *ecdsa.PublicKey:
		return func(t Signed) bool {
			digest := sha256.Sum256(t.input)
			return ecdsa.Verify(key, digest[:], t.r, t.s)
		}
	case ed25519.PublicKey:
		return func(t Signed) bool { return ed25519.Verify(key, t.input, t.signature) }
	}
	return bareHMAC(k.Public.([]byte))
}

// bareHMAC keeps the state of the key, as fast code does.
func bareHMAC(secret []byte) func(Signed) bool {
	mac := hmac.New(sha256.New, secret)
	var sum [sha256.Size]byte
	return func(t Signed) bool {
		mac.Reset()
		mac.Write(t.input)
		return hmac.Equal(mac.Sum(sum[:0]), t.signature)
	}
}
