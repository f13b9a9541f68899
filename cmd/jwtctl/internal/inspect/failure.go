package inspect

import (
	"errors"
	"fmt"

	"apinto-jwt/token"
)

// Failure is one reason for a refusal.
type Failure struct {
	Reason string `json:"reason"`
	Part   string `json:"part,omitempty"`
	Detail string `json:"detail"`
	Offset *int   `json:"offset,omitempty"` // byte of the decoded part
	Wanted string `json:"wanted,omitempty"` // by the rule
	Got    string `json:"got,omitempty"`    // in the token; empty: it is missing

	// Of a part that is not base64url: what is in the way, and at which of its characters.
	EncodedOffset *int   `json:"encoded_offset,omitempty"`
	Problem       string `json:"problem,omitempty"`

	// Code is the reason as a value.
	Code token.Reason `json:"-"`
}

// NewFailure returns an error of package token as a failure.
func NewFailure(err error) Failure {
	reason := token.ReasonOf(err)
	f := Failure{Reason: reason.String(), Code: reason, Detail: "unknown"}
	var e *token.Error
	if errors.As(err, &e) {
		f.Part, f.Detail = e.Part, e.Detail
		if e.Offset >= 0 {
			f.Offset = &e.Offset
		}
	}
	return f
}

// Text returns a failure in one line, as *token.Error writes it.
func (f Failure) Text() string {
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
