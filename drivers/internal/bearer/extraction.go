package bearer

import (
	"strings"

	"apinto-jwt/token"
)

// Extraction is what was found at a location.
type Extraction struct {
	Token   string // Credential without its scheme; empty if there is none.
	Foreign string // What has a token's form behind another scheme than Bearer, in a header.
	Several bool   // A second, different credential stands there too.
	Formed  bool   // One of several has the form of a token.
	Large   bool   // The body is larger than may be read, or has more parts.
	Damaged bool   // The body ends before its announced end, or its chunks cannot be read.
	Unread  bool   // The body cannot be read as what it says it is, and has something in it with a token's form.
	Spent   bool   // The body's stream has been read and cannot be put back.
}

// Empty reports whether nothing was found.
func (f *Extraction) Empty() bool {
	return f.Token == "" && f.Foreign == "" && !f.Large && !f.Damaged && !f.Unread
}

// add takes one more value of the location. A value that is no bearer token is passed over; the same token
// twice is one token.
func (f *Extraction) add(value string, header bool) {
	credential, ok := bearer(value, header)
	if !ok {
		f.addForeign(value)
		return
	}
	if f.Token != "" && f.Token != credential {
		f.Formed = f.Formed || token.HasForm(f.Token) || token.HasForm(credential)
		f.Several = true
		return
	}
	f.Token = credential
}

// addForeign takes a value whose scheme is not Bearer. It is none of the driver's tokens, but the upstream may take it
// for one.
func (f *Extraction) addForeign(value string) {
	_, credential, _ := strings.Cut(trimmed(value), " ")
	switch credential = trimmed(credential); {
	case !token.HasForm(credential):
	case f.Foreign != "" && f.Foreign != credential:
		f.Several, f.Formed = true, true
	default:
		f.Foreign = credential
	}
}

// bearer removes the scheme "Bearer" (any case, RFC 9110 §11.1) and the spaces behind it; a bare token is accepted
// too. Blanks and tabs round the value are not part of it, as in a header (RFC 9110 §5.5); line ends and other white
// space are. In a header, a value with another scheme is no token.
func bearer(value string, header bool) (string, bool) {
	if len(value) > len(usual) && value[:len(usual)] == usual && value[len(usual)] > ' ' && value[len(value)-1] > ' ' {
		return value[len(usual):], true
	}
	value = trimmed(value)
	scheme, rest, found := strings.Cut(value, " ")
	if !found {
		return value, value != "" && !strings.EqualFold(value, "bearer")
	}
	if strings.EqualFold(scheme, "bearer") {
		rest = strings.TrimLeft(rest, " ")
		return rest, rest != ""
	}
	return value, !header
}

// usual is how nearly every token is introduced.
const usual = "Bearer "

// trimmed takes the blanks and tabs off, for which strings.Trim makes a table.
func trimmed(value string) string {
	for value != "" && (value[0] == ' ' || value[0] == '\t') {
		value = value[1:]
	}
	for value != "" && (value[len(value)-1] == ' ' || value[len(value)-1] == '\t') {
		value = value[:len(value)-1]
	}
	return value
}
