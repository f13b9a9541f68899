// Package token parses, verifies and judges JSON Web Tokens in JWS compact form (RFC 7515, RFC 7519, RFC 8725): pure
// functions of a token, keys and a point in time. It knows no gateway.
//
// A token travels through types that make it impossible to skip a step:
//
//	Parse ─► *Unverified ─ Verify(keys) ─► *Verified ─ Expected.Check(now) ─► claims that may be used
//
// What an [Unverified] says is named Untrusted…; a [Verified] comes from nowhere but [Unverified.Verify]. Every
// failure is an [*Error] with a [Reason].
package token
