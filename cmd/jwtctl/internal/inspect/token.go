// Package inspect says what can be said of a token without a key: its parts, what is wrong with it, and what is rarely
// meant. Nothing is verified: anybody could have written what a token says.
package inspect

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// Token is all that can be said about a token without a key.
type Token struct {
	Raw                        string
	Now                        time.Time // The time as of which it is looked at.
	Header, Payload, Signature Part      // Empty ones if there are none.
	Dates                      map[string]token.NumericDate
	Faults                     []error // As Faults returns them.

	parts int // How many there are, at most maxParts+1.
}

// New takes a token apart. The parts of an encrypted one are not called payload and signature: they are neither.
func New(raw string, now time.Time) *Token {
	parts := strings.SplitN(raw, ".", maxParts+1)
	t := &Token{Raw: raw, Now: now, parts: len(parts), Header: newPart(parts[0]), Faults: Faults(raw)}
	if len(parts) == 2 || len(parts) == 3 {
		t.Payload = newPart(parts[1])
	}
	if len(parts) == 3 {
		t.Signature = newPart(parts[2])
	}
	t.Dates = datesOf(t.Payload)
	return t
}

// Parameter returns a header parameter that is a text; empty if it is none.
func (t *Token) Parameter(name string) string {
	if v := gjson.Get(t.Header.Text, name); t.Header.Valid() && v.Type == gjson.String {
		return v.Str
	}
	return ""
}

// Part returns a part by its name; false for the name of a member or of nothing.
func (t *Token) Part(name string) (Part, bool) {
	switch name {
	case "header":
		return t.Header, true
	case "payload":
		return t.Payload, true
	case "signature":
		return t.Signature, true
	}
	return Part{}, false
}
