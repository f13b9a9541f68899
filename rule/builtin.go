package rule

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"

	"apinto-jwt/internal/printable"
)

// builtinEntry is an entry as the host's own driver reads it.
type builtinEntry struct {
	entry *storedEntry
	rule  *Config
	// problem says why it accepts no token under the entry; empty: it may accept some.
	problem string
}

// builtinOf judges as the host's driver does. It looks at keys, claims and path only when a request comes.
func builtinOf(e *storedEntry, cfg *Config) *builtinEntry {
	b := &builtinEntry{entry: e, rule: cfg}
	for _, look := range []func() string{b.locationProblem, b.keyProblem, b.claimProblem, b.nameProblem} {
		if b.problem = look(); b.problem != "" {
			break
		}
	}
	return b
}

// locationProblem says why it finds no token.
func (b *builtinEntry) locationProblem() string {
	switch {
	case b.entry.Position == PositionBody:
		return "position: the builtin never looks into the body"
	case b.entry.Position == PositionQuery && b.entry.TokenName == "":
		return "token_name: is empty; the builtin finds no query parameter"
	}
	return ""
}

// keyProblem says why it verifies no token.
func (b *builtinEntry) keyProblem() string {
	if strings.HasPrefix(b.rule.Algorithm, "HS") {
		secret := b.rule.Secret.Reveal()
		if b.rule.SignatureIsBase64 {
			var ok bool
			if secret, ok = builtinBase64(secret); !ok {
				return "config.secret: the builtin cannot decode it"
			}
		}
		if secret == "" {
			return "config.secret: is empty, and the builtin refuses that"
		}
		return ""
	}
	key := builtinKey([]byte(b.rule.RsaPublicKey))
	_, isRSA := key.(*rsa.PublicKey)
	_, isEC := key.(*ecdsa.PublicKey)
	if strings.HasPrefix(b.rule.Algorithm, "RS") && isRSA || strings.HasPrefix(b.rule.Algorithm, "ES") && isEC {
		return ""
	}
	return "config.rsa_public_key: the builtin cannot use it"
}

// builtinBase64 decodes a secret as the builtin does.
func builtinBase64(text string) (string, bool) {
	if missing := len(text) % 4; missing > 0 {
		text += strings.Repeat("=", 4-missing)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.NewReplacer("_", "/", "-", "+").Replace(text))
	return string(secret), err == nil
}

// builtinKey returns the key of the first PEM block, the only one that the builtin reads.
func builtinKey(text []byte) any {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil
	}
	if key, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
		return key
	}
	if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
		return cert.PublicKey
	}
	return nil
}

// claimProblem says why it takes no claims.
func (b *builtinEntry) claimProblem() string {
	for _, claim := range b.rule.ClaimsToVerify {
		if claim != "exp" && claim != "nbf" {
			return fmt.Sprintf("config.claims_to_verify: the builtin does not know %q", claim)
		}
	}
	return ""
}

// nameProblem says why it finds no user.
func (b *builtinEntry) nameProblem() string {
	if b.rule.Path != "" {
		if _, err := jp.ParseString(b.rule.Path); err != nil {
			return "config.path: is no JSONPath for the builtin"
		}
		return ""
	}
	for _, user := range b.entry.Users {
		if user != nil && user.Username() == b.rule.Iss {
			return ""
		}
	}
	return fmt.Sprintf("config.iss: there is no user %q, and without config.path the builtin knows no other", b.rule.Iss)
}

// differences returns the tokens that this driver judges in another way than the builtin, if both may accept tokens.
func (b *builtinEntry) differences(r *Rule) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if b.rule.Iss != "" {
		add("config.iss: a token's iss must be %q; the builtin takes any", printable.Text(b.rule.Iss))
	}
	if b.rule.ClaimsToVerify == nil {
		add("config.claims_to_verify: is absent, so exp and nbf must hold where a token has them; the builtin looks at neither. [] keeps that")
	}
	if strings.ContainsAny(b.rule.Path, `*?|#@\!{}[]()`) && !strings.ContainsAny(b.rule.Path[:1], "$@") {
		add("config.path: has more than names and dots, and does not begin with $: it is read as a gjson path; the builtin reads JSONPath")
	}
	if n := r.Keys.Set.Len(); r.Keys.Remote == nil && n > 1 && b.rule.JWKS == "" {
		add("config.rsa_public_key: each of the %d keys counts; the builtin uses the first", n)
	}
	for i, user := range b.entry.Users {
		if user != nil && (user.IsAny() || user.Username() == "") {
			add("users[%d].pattern.username: %q %s; the builtin takes it for that name alone", i, user.Username(), means(user))
		}
	}
	return append(list, b.newFields()...)
}

// means says what a name that is no user's stands for.
func means(user *User) string {
	if user.IsAny() {
		return "stands for every user whom a token names"
	}
	return "never matches"
}

// newFields are fields that the builtin passes over and this driver knows.
func (b *builtinEntry) newFields() []string {
	known := []string{"iss", "algorithm", "secret", "rsa_public_key", "path", "claims_to_verify", "signature_is_base_64"}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(b.entry.Config, &members) // no members then
	var list []string
	for _, name := range sortedKeys(members) {
		field := strings.ToLower(name)
		if !slices.Contains(known, field) && !slices.Contains(b.rule.decoded.Unknown, name) {
			list = append(list, fmt.Sprintf("config.%s: counts here; the builtin ignores the field", field))
		}
	}
	return list
}
