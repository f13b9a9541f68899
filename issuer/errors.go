package issuer

import "errors"

// What can be wrong with signing, beside the errors of package keys, which this package wraps too. Test with errors.Is.
var (
	// ErrPublicKey: a public key or a certificate was given in the place of the private key.
	ErrPublicKey = errors.New("is a public key; signing needs the private one")
	// ErrEncrypted: the private key is protected by a passphrase.
	ErrEncrypted = errors.New("is encrypted; decrypt it first, for example with: openssl pkey -in FILE")
	// ErrObject: a text is not one JSON object.
	ErrObject = errors.New("is not a JSON object")
	// ErrHeader: a header parameter that the caller must not set.
	ErrHeader = errors.New("must not be set as an extra header parameter")
	// ErrUnacceptable: the token would be refused by every rule. The *token.Error says why.
	ErrUnacceptable = errors.New("the token would be refused")
)
