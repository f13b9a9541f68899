// Package issuer signs JSON Web Tokens in JWS compact form (RFC 7515 §7.1, RFC 7519 §7.1): what jwtctl and the token
// endpoint share. The request path of the driver never imports it.
//
// A [SigningKey] is bound to one algorithm when it is made, by the rules that package keys has for verifying, so a
// token that it signs is accepted by its own [SigningKey.Verifier]. Claims are an ordered [Object]: their members stay
// where the caller put them. Nothing in this package prints a secret or a private key.
package issuer
