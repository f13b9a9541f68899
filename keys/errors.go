package keys

import "errors"

// What can be wrong with key material. Errors of this package wrap one of them; test with errors.Is.
var (
	// ErrEmpty: nothing was given.
	ErrEmpty = errors.New("is empty")
	// ErrBase64: a secret that was said to be base64 is not.
	ErrBase64 = errors.New("is not base64")
	// ErrPEM: the text has no PEM block, or something beside PEM blocks.
	ErrPEM = errors.New("is not PEM")
	// ErrPrivateKey: a private key was given in the place of a public one.
	ErrPrivateKey = errors.New("is a private key; give the public key and replace the private one, which has been exposed")
	// ErrUnsupportedKey: a key of a kind that no algorithm uses.
	ErrUnsupportedKey = errors.New("is not a supported key")
	// ErrKeyMismatch: the key does not fit the algorithm (kind, curve or size).
	ErrKeyMismatch = errors.New("does not fit the algorithm")
	// ErrWeakKey: an RSA key that is shorter than RFC 7518 §3.3 allows.
	ErrWeakKey = errors.New("is too short")
	// ErrTooLarge: more text or more keys than are read.
	ErrTooLarge = errors.New("is too large")
	// ErrJWKS: the text is neither a JWK Set nor a JWK.
	ErrJWKS = errors.New("is not a JWK Set")
	// ErrJWK: a member of a JWK is missing, or has not the form that its RFC gives it.
	ErrJWK = errors.New("is not a valid JWK")
	// ErrNoUsableKey: a JWK Set of which every key was skipped.
	ErrNoUsableKey = errors.New("has no usable key")
	// ErrSecretKey: a shared secret stands among public keys.
	ErrSecretKey = errors.New("is a shared secret")
)
