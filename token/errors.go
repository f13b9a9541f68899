package token

import (
	"errors"
	"strconv"

	"apinto-jwt/internal/strictjson"
)

// Error is why a token was refused. Its text never shows the token, a key or a claim's value, only names, times and
// what was wrong.
type Error struct {
	// Reason is the stable code.
	Reason Reason
	// Part is the part with the fault: "header", "payload", "signature", or a member as in "payload.exp". May be empty.
	Part string
	// Detail says what is wrong with it, in English.
	Detail string
	// Offset is the byte of the decoded part at which the fault stands, -1 if that says nothing.
	Offset int
}

// Error returns the reason, the part and the detail.
func (e *Error) Error() string {
	text := e.Reason.String()
	if e.Part != "" {
		text += ": " + e.Part
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Offset >= 0 {
		text += " (at byte " + strconv.Itoa(e.Offset) + ")"
	}
	return text
}

// Is makes errors.Is(err, &Error{Reason: r}) compare the reason alone.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Reason == e.Reason
}

// ReasonOf returns the reason of an error: Accepted for nil, Internal for an error that is not this package's.
func ReasonOf(err error) Reason {
	if err == nil {
		return Accepted
	}
	if e, ok := err.(*Error); ok { //nolint:errorlint // as it is nearly always, and in a tenth of the time
		return e.Reason
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return Internal
}

// refuse makes an Error. It is the one constructor.
func refuse(reason Reason, part, detail string) *Error {
	return &Error{Reason: reason, Part: part, Detail: detail, Offset: -1}
}

// syntax returns the refusal of a part that is not the JSON it should be.
func syntax(part string, err *strictjson.SyntaxError) *Error {
	return &Error{Reason: TokenMalformed, Part: part, Detail: err.Problem, Offset: err.Offset}
}
