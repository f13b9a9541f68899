package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// verdict is the answer of verify, as JSON shows it.
type verdict struct {
	Accepted    bool      `json:"accepted"`
	Reason      string    `json:"reason"`
	User        string    `json:"user,omitempty"`
	Key         string    `json:"key,omitempty"`
	KeyID       string    `json:"key_id,omitempty"`
	Fingerprint string    `json:"fingerprint"`
	Issuer      string    `json:"issuer,omitempty"`
	Subject     string    `json:"subject,omitempty"`
	Expires     string    `json:"expires,omitempty"`
	Failures    []failure `json:"failures,omitempty"`
	Hints       []string  `json:"hints,omitempty"`

	expires token.NumericDate
}

// failure is one reason for a refusal.
type failure struct {
	Reason string `json:"reason"`
	Part   string `json:"part,omitempty"`
	Detail string `json:"detail"`
	Offset *int   `json:"offset,omitempty"` // byte of the decoded part
	Wanted string `json:"wanted,omitempty"` // by the rule
	Got    string `json:"got,omitempty"`    // in the token; empty: it is missing

	// Of a part that is not base64url: what is in the way, and at which of its characters.
	EncodedOffset *int   `json:"encoded_offset,omitempty"`
	Problem       string `json:"problem,omitempty"`

	reason token.Reason
}

// newFailure is an error of package token as a failure.
func newFailure(err error) failure {
	reason := token.ReasonOf(err)
	f := failure{Reason: reason.String(), reason: reason, Detail: "unknown"}
	var e *token.Error
	if errors.As(err, &e) {
		f.Part, f.Detail = e.Part, e.Detail
		if e.Offset >= 0 {
			f.Offset = &e.Offset
		}
	}
	return f
}

// text is a failure in one line, as *token.Error writes it.
func (f failure) text() string {
	text := f.Reason
	for _, s := range []string{f.Part, f.Detail} {
		if s != "" {
			text += ": " + s
		}
	}
	if f.Offset != nil {
		text += fmt.Sprintf(" (at byte %d)", *f.Offset)
	}
	if f.Wanted != "" {
		text += "; wanted " + f.Wanted
	}
	if f.Got != "" {
		text += ", got " + f.Got
	}
	return text
}

// refuse notes the failures, each once; the first one's reason is the answer's.
func (v *verdict) refuse(failures ...error) *verdict {
	seen := make(map[string]bool)
	for _, err := range failures {
		if err == nil || seen[err.Error()] {
			continue
		}
		seen[err.Error()] = true
		v.Failures = append(v.Failures, newFailure(err))
	}
	v.Reason, v.User = v.Failures[0].Reason, ""
	return v
}

// accept notes what the token says, which is proven now.
func (v *verdict) accept(verified *token.Verified) *verdict {
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

// text is the verdict for people.
func (v *verdict) text(now time.Time) string {
	var b strings.Builder
	if !v.Accepted {
		for _, f := range v.Failures {
			fmt.Fprintf(&b, "refused: %s\n", oneLine(f.text()))
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
		expires = v.Expires + ", " + relative(v.expires.Time(), now)
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
			fmt.Fprintf(&b, "%-8s %s\n", line[0]+":", oneLine(line[1]))
		}
	}
	return b.String()
}

// oneLine keeps a value from a token from beginning lines of its own.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", `\n`) }

// errNoUser refuses each token if no flag says who the user is. It names the flags.
var errNoUser = &token.Error{Reason: token.UserMissing, Detail: "give --path or --iss, which say who the user is; a rule with neither cannot be saved", Offset: -1}

// judge examines the token. It adds all faults of a token that cannot be parsed.
func (r *flagRule) judge(raw string, now time.Time) *verdict {
	v := &verdict{Fingerprint: token.Fingerprint(raw)}
	e := r.Examine(raw, now)
	if e.Unverified == nil {
		return v.refuse(faultsOf(raw)...)
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
func (v *verdict) hint(r *flagRule, unverified *token.Unverified) {
	if r.otherReading == nil {
		return
	}
	if _, err := unverified.Verify(r.Keys.Set); err == nil {
		return
	}
	if _, err := unverified.Verify(r.otherReading.Keys.Set); err != nil {
		return
	}
	if r.isBase64 {
		v.Hints = append(v.Hints, "it does verify with the secret taken as text, not as base64 (signature_is_base_64 in the rule)")
	} else {
		v.Hints = append(v.Hints, "it does verify with the secret taken as base64 (--base64; signature_is_base_64 in the rule)")
	}
}
