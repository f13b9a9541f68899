package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"apinto-jwt/keys"
)

// errVerifierIsPrivate replaces keys.ErrPrivateKey, which supposes that the key has left its owner.
var errVerifierIsPrivate = errors.New("is a private key; give the public one (openssl pkey -in FILE -pubout makes it)")

// errKeySetIsPrivate is that of a key set.
var errKeySetIsPrivate = errors.New("has a private key; give the public ones")

// verifier is what the flags give for verifying.
type verifier struct {
	set          *keys.Set
	isBase64     bool      // how the shared secret was read
	otherReading *keys.Key // the secret read the other way, for a hint; nil where that cannot be
}

// verifier reads the keys: one secret, one key for each PEM block, or a JWK Set.
func (t *tool) verifier(c *cli.Context, alg keys.Algorithm) (verifier, error) {
	if c.IsSet("jwks") {
		return t.keySetVerifier(c, alg)
	}
	if err := checkKeyFlags(c, alg); err != nil {
		return verifier{}, err
	}
	if alg.Kind() == keys.KindSecret {
		given, err := t.secret(c)
		if err != nil {
			return verifier{}, err
		}
		return t.secretVerifier(given, alg)
	}
	text, err := t.read("--key", c.String("key"))
	if err != nil {
		return verifier{}, err
	}
	set, err := publicKeys(string(text), alg)
	if errors.Is(err, keys.ErrPrivateKey) {
		err = errVerifierIsPrivate
	}
	if err != nil {
		return verifier{}, fmt.Errorf("--key: %w", err)
	}
	return verifier{set: set}, nil
}

// keySetVerifier is the verifier of a JWK Set (RFC 7517 §5), as "jwks" of a rule.
func (t *tool) keySetVerifier(c *cli.Context, alg keys.Algorithm) (verifier, error) {
	for _, other := range []string{"key", "secret", "secret-base64", "secret-file", "base64"} {
		if err := exclusive(c, "jwks", other); err != nil {
			return verifier{}, err
		}
	}
	text, err := t.read("--jwks", c.String("jwks"))
	if err != nil {
		return verifier{}, err
	}
	set, warnings, err := keys.ParseJWKS(text, keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(alg), Strict: true})
	if errors.Is(err, keys.ErrPrivateKey) {
		err = errKeySetIsPrivate
	}
	if err != nil {
		return verifier{}, fmt.Errorf("--jwks: %w", err)
	}
	for _, warning := range warnings {
		t.warn("--jwks: %s", safe(warning))
	}
	return verifier{set: set}, nil
}

// secretVerifier is the verifier of a shared secret.
func (t *tool) secretVerifier(given sharedSecret, alg keys.Algorithm) (verifier, error) {
	secret, err := t.bytes(given, alg)
	if err != nil {
		return verifier{}, err
	}
	key, err := keys.NewSecretKey("", secret, alg)
	if err != nil {
		return verifier{}, err
	}
	v := verifier{set: keys.NewSet(key), isBase64: given.isBase64}
	if other, err := given.text.Bytes(!given.isBase64); err == nil {
		v.otherReading, err = keys.NewSecretKey("", other, alg)
		if err != nil {
			return verifier{}, err
		}
	}
	return v, nil
}

// publicKeys are the keys of a PEM text, each bound to the algorithm.
func publicKeys(text string, alg keys.Algorithm) (*keys.Set, error) {
	list, err := keys.ParsePublicPEM(text)
	if err != nil {
		return nil, err
	}
	bound := make([]*keys.Key, len(list))
	for i, public := range list {
		if bound[i], err = keys.NewPublicKey("", public, alg); err != nil {
			return nil, fmt.Errorf("block %d: %w", i+1, err)
		}
	}
	return keys.NewSet(bound...), nil
}
