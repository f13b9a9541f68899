package jwt

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// finding is what stands at a place.
type finding struct {
	token   string // Credential without its scheme; empty if there is none.
	foreign string // What has a token's form behind another scheme than Bearer, in a header.
	several bool   // A second, different credential stands there too.
	formed  bool   // One of several has the form of a token.
	large   bool   // The body is larger than may be read, or has more parts.
	damaged bool   // The body ends before its announced end, or its chunks cannot be read.
	unread  bool   // The body cannot be read as what it says it is, and has something in it with a token's form.
	spent   bool   // The body's stream has been read and cannot be put back.
}

// empty reports whether there is nothing to tell of the place.
func (f *finding) empty() bool {
	return f.token == "" && f.foreign == "" && !f.large && !f.damaged && !f.unread
}

// find takes the token from the place. Names of headers are compared in any case (RFC 9110 §5.1), all others to the
// letter.
func find(ctx http_service.IHttpContext, p rule.Location, limits limits) finding {
	switch p.Position {
	case rule.PositionHeader:
		return findHeader(ctx, p.Name)
	case rule.PositionQuery:
		return findQuery(ctx, p.Name)
	case rule.PositionCookie:
		return findCookie(ctx, p.Name)
	}
	return findBody(ctx, p.Name, limits.body)
}

// hide takes the token out of the request that goes to the upstream; everything else stays as it is.
func hide(ctx http_service.IHttpContext, p rule.Location) {
	switch p.Position {
	case rule.PositionHeader:
		hideHeader(ctx, p.Name)
	case rule.PositionQuery:
		hideQuery(ctx, p.Name)
	case rule.PositionCookie:
		hideCookie(ctx, p.Name)
	default:
		hideBody(ctx, p.Name)
	}
}

// add takes one more value that stands at the place. A value that is no bearer token is passed over; the same token
// twice is one token.
func (f *finding) add(value string, header bool) {
	credential, ok := bearer(value, header)
	if !ok {
		f.addForeign(value)
		return
	}
	if f.token != "" && f.token != credential {
		f.formed = f.formed || token.HasForm(f.token) || token.HasForm(credential)
		f.several = true
		return
	}
	f.token = credential
}

// addForeign takes a value whose scheme is not Bearer. It is none of the driver's tokens, but the upstream may take it
// for one.
func (f *finding) addForeign(value string) {
	_, credential, _ := strings.Cut(trimmed(value), " ")
	switch credential = trimmed(credential); {
	case !token.HasForm(credential):
	case f.foreign != "" && f.foreign != credential:
		f.several, f.formed = true, true
	default:
		f.foreign = credential
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
