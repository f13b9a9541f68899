package keys

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/strictjson"
)

// MaxJWKSSize is the longest JWK Set that is read, in bytes.
const MaxJWKSSize = 1 << 20

// MaxJWKSKeys is how many keys a JWK Set may have.
const MaxJWKSKeys = 256

// JWKSOptions say how a JWK Set is read.
type JWKSOptions struct {
	// Allowed are the algorithms that a key may be bound to. Without any, no key is usable.
	Allowed AlgorithmSet
	// Strict makes a weak or malformed key a fault of the whole set, as suits a set that somebody wrote into a
	// configuration. Otherwise it is skipped with a warning, so that an issuer's one bad key does not take its others
	// away.
	Strict bool
}

// ParseJWKS reads a JWK Set (RFC 7517 §5) or one JWK (RFC 7517 §4) of at most MaxJWKSSize bytes and MaxJWKSKeys keys:
// RSA, EC, OKP (RFC 8037: Ed25519) and oct. A key with "alg" is bound to that algorithm, one without to the allowed
// ones that fit its kind, curve and size.
//
// Keys that are not for us (unknown "kty", "crv" or "alg", a "use" other than "sig", "key_ops" without "verify", an
// algorithm that is not allowed) are skipped, each with a warning that names it (RFC 7517 §5). Private keys refuse the
// whole set: who publishes them must hear of it. Warnings and errors never show key material.
//
// Errors: ErrEmpty, ErrTooLarge, ErrJWKS, ErrPrivateKey, ErrNoUsableKey; and with Strict, naming keys[i], ErrJWK,
// ErrBase64, ErrWeakKey, ErrUnsupportedKey, ErrKeyMismatch.
func ParseJWKS(text []byte, options JWKSOptions) (set *Set, warnings []string, err error) {
	list, err := splitJWKS(text)
	if err != nil {
		return nil, nil, err
	}
	for _, j := range list {
		if member := j.private(); member != "" {
			return nil, nil, fmt.Errorf("%s: it has the member %q: it %w", j.label, member, ErrPrivateKey)
		}
	}
	var usable []*Key
	for _, j := range list {
		key, err := j.key(options.Allowed)
		if err == nil {
			err = repeated(usable, key)
		}
		var skip skipped
		switch {
		case err == nil:
			usable = append(usable, key)
		case options.Strict && !errors.As(err, &skip):
			return nil, nil, fmt.Errorf("%s: %w", j.label, err)
		default:
			warnings = append(warnings, fmt.Sprintf("%s is skipped: %s", j.label, err))
		}
	}
	if len(usable) == 0 {
		return nil, warnings, fmt.Errorf("%w: %s", ErrNoUsableKey, summary(warnings))
	}
	return NewSet(usable...), warnings, nil
}

// splitJWKS reads the document and takes its keys apart, without looking into them.
func splitJWKS(text []byte) ([]*jwk, error) {
	if len(text) > MaxJWKSSize {
		return nil, fmt.Errorf("%w: at most %d bytes are read", ErrTooLarge, MaxJWKSSize)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, ErrEmpty
	}
	var document strictjson.Object
	if err := document.Parse(string(text)); err != nil {
		return nil, fmt.Errorf("%w: it %w", ErrJWKS, err)
	}
	member, isSet := document.Find("keys")
	if !isSet {
		if _, isKey := document.Find("kty"); !isKey {
			return nil, fmt.Errorf(`%w: it has neither "keys" nor "kty"`, ErrJWKS)
		}
		return []*jwk{newJWK("the key", document.Text())}, nil
	}
	raw := document.Raw(member)
	if raw[0] != '[' {
		return nil, fmt.Errorf(`%w: "keys" is not a list`, ErrJWKS)
	}
	var list []*jwk
	gjson.Parse(raw).ForEach(func(_, item gjson.Result) bool {
		list = append(list, newJWK(fmt.Sprintf("keys[%d]", len(list)), item.Raw))
		return len(list) <= MaxJWKSKeys
	})
	if len(list) > MaxJWKSKeys {
		return nil, fmt.Errorf("%w: at most %d keys are read", ErrTooLarge, MaxJWKSKeys)
	}
	return list, nil
}

// repeated reports whether the key is there already. A copy would take one of the few places of the keys that a token
// without "kid" is tried against.
func repeated(list []*Key, key *Key) error {
	for _, k := range list {
		if k.Equal(key) {
			return skipped("it repeats a key before it")
		}
	}
	return nil
}

// summary joins what was said of the keys, and counts what would be too long to read.
func summary(warnings []string) string {
	const most = 8
	if len(warnings) == 0 {
		return "it is an empty list"
	}
	if len(warnings) > most {
		return fmt.Sprintf("%s; and %d more", strings.Join(warnings[:most], "; "), len(warnings)-most)
	}
	return strings.Join(warnings, "; ")
}
