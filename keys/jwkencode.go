package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
)

// publicMembers are the required members of a public JWK, in the order in which RFC 7638 §3.2 hashes them.
type publicMembers struct {
	Crv string `json:"crv,omitempty"`
	E   string `json:"e,omitempty"`
	Kty Kind   `json:"kty"`
	N   string `json:"n,omitempty"`
	X   string `json:"x,omitempty"`
	Y   string `json:"y,omitempty"`
}

// encodedJWK is a public JWK (RFC 7517 §4).
type encodedJWK struct {
	publicMembers
	Kid string    `json:"kid,omitempty"`
	Alg Algorithm `json:"alg,omitempty"`
	Use string    `json:"use"`
}

// EncodeJWKS writes the set as a JWK Set (RFC 7517 §5) of public keys. A key that is bound to one algorithm has it as
// "alg". The error is ErrSecretKey for a set with a shared secret, which is never written.
func EncodeJWKS(set *Set) ([]byte, error) {
	list := make([]encodedJWK, 0, set.Len())
	for _, k := range set.Keys() {
		members, err := k.members()
		if err != nil {
			return nil, err
		}
		encoded := encodedJWK{publicMembers: members, Kid: k.id, Use: "sig"}
		if algs := k.allowed.List(); len(algs) == 1 {
			encoded.Alg = algs[0]
		}
		list = append(list, encoded)
	}
	return json.Marshal(map[string]any{"keys": list})
}

// JWKThumbprint returns the key's JWK thumbprint with SHA-256 (RFC 7638 §3), base64url, as other tools show it; empty for a
// shared secret, of which it would tell something.
func (k *Key) JWKThumbprint() string {
	members, err := k.members()
	if err != nil {
		return ""
	}
	text, err := json.Marshal(members)
	if err != nil { // strings can always be written
		return ""
	}
	sum := sha256.Sum256(text)
	return encode64(sum[:])
}

// members returns the public members of the key.
func (k *Key) members() (publicMembers, error) {
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		return publicMembers{Kty: KindRSA, N: encode64(public.N.Bytes()), E: encode64(big.NewInt(int64(public.E)).Bytes())}, nil
	case *ecdsa.PublicKey:
		point, err := public.ECDH()
		if err != nil {
			return publicMembers{}, fmt.Errorf("%w: %w", ErrUnsupportedKey, err)
		}
		xy := point.Bytes()[1:] // after the mark of an uncompressed point (SEC 1 §2.3.3)
		return publicMembers{
			Kty: KindEC, Crv: public.Curve.Params().Name,
			X: encode64(xy[:len(xy)/2]), Y: encode64(xy[len(xy)/2:]),
		}, nil
	case ed25519.PublicKey:
		return publicMembers{Kty: KindOKP, Crv: "Ed25519", X: encode64(public)}, nil
	}
	return publicMembers{}, fmt.Errorf("%s %w", k, ErrSecretKey)
}

// encode64 is base64url without padding (RFC 7515 §2).
func encode64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
