package keys

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/strictjson"
)

// jwk is one key of a JWK Set (RFC 7517 §4) on its way to a Key.
type jwk struct {
	strictjson.Object
	broken error  // why there are no members to look at
	label  string // "keys[1] (kid "a")", for people
}

// skipped is why a key is not for us, which is no fault of the set.
type skipped string

// Error returns the reason.
func (s skipped) Error() string { return string(s) }

// privateMembers carry private keys of kinds other than "oct": RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2, and "priv" of
// the keys of post-quantum algorithms.
var privateMembers = [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "priv"}

// newJWK takes the members of a JWK apart. Their names are compared to the letter, and none may be there twice.
func newJWK(label, raw string) *jwk {
	j := &jwk{label: label}
	if err := j.Parse(raw); err != nil {
		j.broken = fmt.Errorf("%w: it %w", ErrJWK, err)
		return j
	}
	if id, _, err := j.text("kid"); err == nil && id != "" {
		j.label += fmt.Sprintf(" (kid %q)", clip(id))
	}
	return j
}

// private returns the name of a member that makes the key a private one; empty if there is none. Keys that will be
// skipped are looked at too.
func (j *jwk) private() string {
	if j.broken != nil {
		return ""
	}
	if kty, _, _ := j.text("kty"); Kind(kty) == KindSecret {
		return ""
	}
	for _, name := range privateMembers {
		if _, ok := j.Find(name); ok {
			return name
		}
	}
	return ""
}

// key makes the Key, bound to the algorithms it may verify. The error is of type skipped for a key that is not for us.
func (j *jwk) key(allowed AlgorithmSet) (*Key, error) {
	if j.broken != nil {
		return nil, j.broken
	}
	id, _, err := j.text("kid")
	if err != nil {
		return nil, err
	}
	kty, err := j.need("kty")
	if err != nil {
		return nil, err
	}
	if err := j.checkUse(); err != nil {
		return nil, err
	}
	algorithm, err := j.algorithm(allowed)
	if err != nil {
		return nil, err
	}
	if Kind(kty) == KindSecret {
		return j.secretKey(id, algorithm, allowed)
	}
	return j.publicKey(Kind(kty), id, algorithm, allowed)
}

// checkUse reads "use" (RFC 7517 §4.2) and "key_ops" (§4.3): if they are there, they must be for verifying.
func (j *jwk) checkUse() error {
	use, has, err := j.text("use")
	if err != nil {
		return err
	}
	if has && use != "sig" {
		return skipped(fmt.Sprintf("its use is %q, not \"sig\"", clip(use)))
	}
	member, has := j.Find("key_ops")
	if !has {
		return nil
	}
	operations := gjson.Parse(j.Raw(member))
	if !operations.IsArray() {
		return fmt.Errorf(`%w: "key_ops" is not a list`, ErrJWK)
	}
	seen := make(map[string]bool)
	operations.ForEach(func(_, op gjson.Result) bool {
		if op.Type != gjson.String || seen[op.Str] {
			err = fmt.Errorf(`%w: "key_ops" is not a list of different strings`, ErrJWK)
		}
		seen[op.Str] = true
		return err == nil
	})
	if err == nil && !seen["verify"] {
		return skipped(`its key_ops do not list "verify"`)
	}
	return err
}

// algorithm reads "alg" (RFC 7517 §4.4); empty if it is not there.
func (j *jwk) algorithm(allowed AlgorithmSet) (Algorithm, error) {
	name, has, err := j.text("alg")
	if err != nil || !has {
		return "", err
	}
	switch a := Algorithm(name); {
	case !a.Known():
		return "", skipped(fmt.Sprintf("its alg %q is not one of %s", clip(name), AlgorithmNames()))
	case !allowed.Has(a):
		return "", skipped(fmt.Sprintf("its alg %s is not among the allowed ones (%s)", a, allowed))
	default:
		return a, nil
	}
}

// text returns a member that is a string, and whether it is there.
func (j *jwk) text(name string) (value string, has bool, err error) {
	member, has := j.Find(name)
	if !has {
		return "", false, nil
	}
	value, ok := strictjson.String(j.Raw(member))
	if !ok {
		return "", true, fmt.Errorf("%w: %q is not a string", ErrJWK, name)
	}
	return value, true, nil
}

// need returns a member that must be there and be a string.
func (j *jwk) need(name string) (string, error) {
	value, has, err := j.text(name)
	if err == nil && !has {
		err = fmt.Errorf("%w: %q is missing", ErrJWK, name)
	}
	return value, err
}

// octets returns a member that is base64url without padding, white space or stray bits (RFC 7515 §2), and not empty.
func (j *jwk) octets(name string) ([]byte, error) {
	value, err := j.need(name)
	if err != nil {
		return nil, err
	}
	if value == "" {
		return nil, fmt.Errorf("its %q %w", name, ErrEmpty)
	}
	octets, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil || strings.ContainsAny(value, "\r\n") { // Go's decoder passes over line breaks
		return nil, fmt.Errorf("its %q %w: base64url without padding is expected (RFC 7515 §2)", name, ErrBase64)
	}
	return octets, nil
}
