// Package verdict judges a token by a rule and tells people why.
package verdict

import (
	"fmt"
	"strings"
	"time"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Rule is a rule to judge tokens by, with what is known of its making.
type Rule struct {
	*rule.Rule
	Algorithms []keys.Algorithm
	Claims     []string // Required claims as given, PATH=VALUE or PATH.
	// OtherReading has the secret read the other way, as base64 or as text. Nil: there is no secret, or no other reading.
	OtherReading *rule.Rule
	IsBase64     bool // The secret is read as base64.
}

// Verdict is the answer of verify, as JSON shows it.
type Verdict struct {
	Accepted    bool              `json:"accepted"`
	Reason      string            `json:"reason"`
	User        string            `json:"user,omitempty"`
	Key         string            `json:"key,omitempty"`
	KeyID       string            `json:"key_id,omitempty"`
	Fingerprint string            `json:"fingerprint"`
	Issuer      string            `json:"issuer,omitempty"`
	Subject     string            `json:"subject,omitempty"`
	Expires     string            `json:"expires,omitempty"`
	Failures    []inspect.Failure `json:"failures,omitempty"`
	Hints       []string          `json:"hints,omitempty"`

	expires token.NumericDate
}

// refuse notes the failures, each once; the first one's reason is the answer's.
func (v *Verdict) refuse(failures ...error) *Verdict {
	seen := make(map[string]bool)
	for _, err := range failures {
		if err == nil || seen[err.Error()] {
			continue
		}
		seen[err.Error()] = true
		v.Failures = append(v.Failures, inspect.NewFailure(err))
	}
	v.Reason, v.User = v.Failures[0].Reason, ""
	return v
}

// accept notes what the token says, which is proven now.
func (v *Verdict) accept(verified *token.Verified) *Verdict {
	v.Accepted, v.Reason = true, token.Accepted.String()
	v.Key, v.Issuer, v.Subject = keyName(verified.Key()), verified.Issuer(), verified.Subject()
	v.KeyID, _ = verified.KeyID()
	if v.expires = verified.Expires(); v.expires.IsSet() {
		v.Expires = v.expires.String()
	}
	return v
}

// keyName names a key for people.
func keyName(key *keys.Key) string {
	if key.Kind() == keys.KindSecret {
		return "shared secret"
	}
	return key.String()
}

// Text returns the verdict for people.
func (v *Verdict) Text(now time.Time) string {
	var b strings.Builder
	if !v.Accepted {
		for _, f := range v.Failures {
			fmt.Fprintf(&b, "refused: %s\n", screen.OneLine(f.Text()))
		}
		for _, hint := range v.Hints {
			fmt.Fprintf(&b, "hint: %s\n", hint)
		}
		fmt.Fprintf(&b, "token: %s\n", v.Fingerprint)
		return b.String()
	}
	b.WriteString("accepted\n")
	expires := "never"
	if v.expires.IsSet() {
		expires = v.Expires + ", " + inspect.Relative(v.expires.Time(), now)
	}
	for _, line := range [][2]string{
		{"user", v.User},
		{"key", v.Key},
		{"key ID", v.KeyID},
		{"issuer", v.Issuer},
		{"subject", v.Subject},
		{"expires", expires},
		{"token", v.Fingerprint},
	} {
		if line[1] != "" {
			fmt.Fprintf(&b, "%-8s %s\n", line[0]+":", screen.OneLine(line[1]))
		}
	}
	return b.String()
}

// errNoUser refuses each token if no flag says who the user is. It names the flags.
var errNoUser = &token.Error{Reason: token.UserMissing, Detail: "give --path or --iss, which say who the user is; a rule with neither cannot be saved", Offset: -1}

// Judge examines the token. It adds all faults of a token that cannot be parsed.
func (r *Rule) Judge(raw string, now time.Time) *Verdict {
	v := &Verdict{Fingerprint: token.Fingerprint(raw)}
	e := r.Examine(raw, now)
	if e.Unverified == nil {
		return v.refuse(inspect.Faults(raw)...)
	}
	if e.Verified != nil {
		v.User = e.User
		return v.accept(e.Verified)
	}
	for i, err := range e.Failures {
		if r.Path.IsZero() && r.User == "" && token.ReasonOf(err) == token.UserMissing {
			e.Failures[i] = errNoUser
		}
	}
	v.refuse(e.Failures...)
	v.hint(r, e.Unverified)
	r.compare(v.Failures, raw, now)
	return v
}

// hint looks for the usual mistake behind an HMAC that does not verify: a base64 secret was taken as text, or a text as
// base64.
func (v *Verdict) hint(r *Rule, unverified *token.Unverified) {
	if r.OtherReading == nil {
		return
	}
	if _, err := unverified.Verify(r.Keys.Set); err == nil {
		return
	}
	if _, err := unverified.Verify(r.OtherReading.Keys.Set); err != nil {
		return
	}
	if r.IsBase64 {
		v.Hints = append(v.Hints, "it does verify with the secret taken as text, not as base64 (signature_is_base_64 in the rule)")
	} else {
		v.Hints = append(v.Hints, "it does verify with the secret taken as base64 (--base64; signature_is_base_64 in the rule)")
	}
}
