package issuer

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// AccessType is the "typ" of an access token (RFC 9068 §2.1).
const AccessType = "at+jwt"

// ErrClaim is a claim that cannot be put at its place.
var ErrClaim = errors.New("is a claim that the token has already")

// Access is the content of an access token (RFC 9068 §2.2).
type Access struct {
	Issuer   string   // "iss"; empty: left out
	Subject  string   // "sub"
	Audience []string // "aud": a string for one, a list for several; empty: left out
	ClientID string   // "client_id"
	ID       string   // "jti"
	// IssuedAt is "iat" and "nbf", in whole seconds; Lifetime later is "exp".
	IssuedAt time.Time
	Lifetime time.Duration
	// User is the user's name, which stands at UserPath: the names of members from the top of the payload.
	// If the path is empty or names "sub", nothing is added.
	User     string
	UserPath []string
	// Extra are further claims.
	Extra Object
}

// Claims returns the claims set. The error wraps ErrClaim if the user's path or a further claim is one of the claims
// above.
func (a Access) Claims() (Object, error) {
	var o Object
	issued := a.IssuedAt.Unix()
	set := func(name string, value any) error {
		if o.Has(name) {
			return fmt.Errorf("%q %w", name, ErrClaim)
		}
		return o.Set(name, value)
	}
	var err error
	if a.Issuer != "" {
		err = set("iss", a.Issuer)
	}
	err = errors.Join(err, set("sub", a.Subject))
	switch len(a.Audience) {
	case 0:
	case 1:
		err = errors.Join(err, set("aud", a.Audience[0]))
	default:
		err = errors.Join(err, set("aud", a.Audience))
	}
	err = errors.Join(
		err, set("client_id", a.ClientID), set("iat", issued), set("nbf", issued),
		set("exp", issued+int64(a.Lifetime/time.Second)), set("jti", a.ID),
	)
	if len(a.UserPath) > 0 && (len(a.UserPath) > 1 || a.UserPath[0] != "sub") {
		err = errors.Join(err, set(a.UserPath[0], nested(a.UserPath[1:], a.User)))
	}
	for _, m := range a.Extra.members {
		err = errors.Join(err, set(m.name, m.value))
	}
	return o, err
}

// nested returns the value inside objects with one member each.
func nested(names []string, value string) any {
	if len(names) == 0 {
		return value
	}
	return map[string]any{names[0]: nested(names[1:], value)}
}

// SetStatic adds members to the object in the order of their names, as they stand in a configuration.
func (o *Object) SetStatic(members map[string]any) error {
	if len(members) == 0 {
		return nil
	}
	text, err := json.Marshal(members) // sorts by name
	if err != nil {
		return err
	}
	parsed, err := ParseObject(text)
	if err != nil {
		return err
	}
	for _, m := range parsed.members {
		if err := o.Set(m.name, m.value); err != nil {
			return err
		}
	}
	return nil
}

// Derive makes a key for another purpose, named by the label, out of the key's material: everyone who has the signing
// key can make it, and nobody else. It tells nothing about the signing key.
func (k *SigningKey) Derive(label string) ([]byte, error) {
	material, ok := k.material.([]byte)
	if !ok {
		var err error
		if material, err = x509.MarshalPKCS8PrivateKey(k.material); err != nil {
			return nil, fmt.Errorf("derive a key from %s: %w", k, err)
		}
	}
	digest := hmac.New(sha256.New, material)
	digest.Write([]byte(label))
	return digest.Sum(nil), nil
}
