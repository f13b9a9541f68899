package jwttest

import "crypto/elliptic"

// Algorithms are all that a rule may have.
var Algorithms = []string{
	"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519",
}

// Secret is long enough for every HS algorithm.
const Secret = "a secret of sixty-four bytes, which is what HS512 would want....."

var curves = map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}

// Key returns what the algorithm signs with: Secret, or a private key.
func Key(alg string) any {
	switch alg[:2] {
	case "HS":
		return Secret
	case "ES":
		return ECKey(curves[alg])
	case "Ed":
		return Ed25519Key()
	}
	return RSAKey(2048)
}
