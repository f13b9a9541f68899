// Package keys holds key material for verifying JSON Web Signatures: secrets, public keys from PEM and from
// JWK Sets (RFC 7517), and what each key may be used for. It knows no tokens and no gateway.
//
// A [Key] is bound to its algorithms when it is made, by kind, curve and size; whoever verifies asks the key, never
// the token (RFC 8725 §3.1). Nothing in this package prints a secret: [Secret] and [Key] redact themselves.
package keys
