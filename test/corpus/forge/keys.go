// Package forge signs tokens with the test keys beside it, by the letter of the RFCs and against it. It uses the
// standard library alone, and makes the same bytes every time.
package forge

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"embed"
	"encoding/base64"
	"encoding/pem"
	"math/big"
)

//go:embed keys/*.pem keys/secret.txt
var keyFiles embed.FS

// Keyring is the keys that gen.sh has made.
type Keyring struct {
	Secret             string
	RSA, OtherRSA      *rsa.PrivateKey
	EC, OtherEC        map[string]*ecdsa.PrivateKey // by the algorithm's name
	Ed, OtherEd        ed25519.PrivateKey
	RSACert, OtherCert string // in PEM
	ECCert, EdCert     string
}

// Load reads the keys.
func Load() *Keyring {
	k := &Keyring{
		Secret: File("secret.txt"),
		RSA:    Private[*rsa.PrivateKey]("rsa.pem"), OtherRSA: Private[*rsa.PrivateKey]("rsa-other.pem"),
		Ed: Private[ed25519.PrivateKey]("ed25519.pem"), OtherEd: Private[ed25519.PrivateKey]("ed25519-other.pem"),
		RSACert: File("rsa.cert.pem"), OtherCert: File("rsa-other.cert.pem"),
		ECCert: File("p256.cert.pem"), EdCert: File("ed25519.cert.pem"),
		EC: make(map[string]*ecdsa.PrivateKey), OtherEC: make(map[string]*ecdsa.PrivateKey),
	}
	for alg, curve := range map[string]string{"ES256": "p256", "ES384": "p384", "ES512": "p521"} {
		k.EC[alg] = Private[*ecdsa.PrivateKey](curve + ".pem")
		k.OtherEC[alg] = Private[*ecdsa.PrivateKey](curve + "-other.pem")
	}
	return k
}

// Algorithms are all that can be configured.
var Algorithms = []string{
	"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519",
}

// Signer returns the key for an algorithm.
func (k *Keyring) Signer(alg string) any {
	switch alg[:2] {
	case "Ed":
		return k.Ed
	case "HS":
		return k.Secret
	case "ES":
		return k.EC[alg]
	}
	return k.RSA
}

// Other returns a key of the same kind that nobody has configured.
func (k *Keyring) Other(alg string) any {
	switch alg[:2] {
	case "Ed":
		return k.OtherEd
	case "HS":
		return "another secret, just as long: 0123456789abcdef0123456789abcdef0123456789"
	case "ES":
		return k.OtherEC[alg]
	}
	return k.OtherRSA
}

// File returns a file of gen.sh.
func File(name string) string {
	content, err := keyFiles.ReadFile("keys/" + name)
	must(err)
	return string(content)
}

// Private returns a private key of gen.sh.
func Private[K any](name string) K {
	Block, _ := pem.Decode([]byte(File(name)))
	key, err := x509.ParsePKCS8PrivateKey(Block.Bytes)
	must(err)
	return key.(K)
}

// must stops the program: there is no corpus without its keys.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// PKIX returns a public key as SubjectPublicKeyInfo.
func PKIX(key crypto.Signer) []byte {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	must(err)
	return der
}

// PublicPEM returns a public key as people paste it.
func PublicPEM(key crypto.Signer) string { return Block("PUBLIC KEY", PKIX(key)) }

// PKCS1PEM returns an RSA public key in the older form.
func PKCS1PEM(key *rsa.PrivateKey) string {
	return Block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey))
}

// Block returns a PEM block.
func Block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// JWK returns a public key as JSON Web Key (RFC 7517).
func JWK(key any) map[string]string {
	switch k := key.(type) {
	case string:
		return map[string]string{"kty": "oct", "k": Encode([]byte(k))}
	case *rsa.PrivateKey:
		return map[string]string{"kty": "RSA", "n": Encode(k.N.Bytes()), "e": Encode(big.NewInt(int64(k.E)).Bytes())}
	case ed25519.PrivateKey:
		return map[string]string{"kty": "OKP", "crv": "Ed25519", "x": Encode(k.Public().(ed25519.PublicKey))}
	case *ecdsa.PrivateKey:
		public, err := k.PublicKey.ECDH()
		must(err)
		point := public.Bytes()[1:]
		return map[string]string{
			"kty": "EC", "crv": k.Curve.Params().Name, "x": Encode(point[:len(point)/2]), "y": Encode(point[len(point)/2:]),
		}
	}
	panic("no such key")
}

// Encode is base64url without padding (RFC 7515 §2).
func Encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
