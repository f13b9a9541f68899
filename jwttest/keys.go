package jwttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"sync"
)

// Keys are made once in a process and shared: an RSA key takes a good part of a
// second. Tests that need two different keys of a kind take the Other ones.
var (
	keysMu sync.Mutex
	made   = map[string]any{}
)

// RSAKey returns a private key of this many bits.
func RSAKey(bits int) *rsa.PrivateKey {
	return once(fmt.Sprintf("rsa %d", bits), func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, bits) })
}

// OtherRSAKey differs from RSAKey.
func OtherRSAKey(bits int) *rsa.PrivateKey {
	return once(fmt.Sprintf("other rsa %d", bits), func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, bits) })
}

// ECKey returns a private key on this curve.
func ECKey(curve elliptic.Curve) *ecdsa.PrivateKey {
	return once("ec "+curve.Params().Name, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(curve, rand.Reader) })
}

// OtherECKey differs from ECKey.
func OtherECKey(curve elliptic.Curve) *ecdsa.PrivateKey {
	return once("other ec "+curve.Params().Name, func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(curve, rand.Reader) })
}

// Ed25519Key returns a private key for EdDSA.
func Ed25519Key() ed25519.PrivateKey {
	return once("ed25519", func() (ed25519.PrivateKey, error) {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	})
}

// once panics if a key cannot be made: that is the machine's fault, and no
// test has an answer to it.
func once[K any](name string, generate func() (K, error)) K {
	keysMu.Lock()
	defer keysMu.Unlock()
	if key, ok := made[name].(K); ok {
		return key
	}
	key, err := generate()
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	made[name] = key
	return key
}

// PublicPEM returns the public half of a private key, or a public key, as a PKIX
// "PUBLIC KEY" block.
func PublicPEM(key any) string {
	if private, ok := key.(crypto.Signer); ok {
		key = private.Public()
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	return block("PUBLIC KEY", der, err)
}

// PrivatePEM returns a private key as a PKCS#8 "PRIVATE KEY" block.
func PrivatePEM(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return block("PRIVATE KEY", der, err)
}

func block(kind string, der []byte, err error) string {
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
