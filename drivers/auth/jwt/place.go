package jwt

import (
	"net/textproto"
	"strings"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// place is where in a request a token stands. It is comparable, so that rules which look at the same place share it.
type place struct {
	position string // header, query, body or cookie
	name     string // of a header in canonical form
}

// positionCookie stands beside the positions that the host knows.
const positionCookie = "cookie"

// authorization is the place of RFC 6750 §2.1.
var authorization = place{position: application.PositionHeader, name: "Authorization"}

// compilePlace reads the entry's position and token_name. An empty position is the Authorization header, as the
// host has it.
func compilePlace(tokenName, position string, f *configjson.FieldErrors) place {
	p := place{position: position, name: strings.TrimSpace(tokenName)}
	switch position {
	case "":
		return authorization
	case application.PositionHeader:
		if p.name == "" {
			return authorization
		}
		p.name = textproto.CanonicalMIMEHeaderKey(p.name)
	case application.PositionQuery:
		if p.name == "" {
			f.Add("token_name", "is empty; give the name of the query parameter")
		}
	case application.PositionBody:
		if p.name == "" {
			f.Add("token_name", "is empty; give the name of the form field or JSON member, or a JSONPath as $.auth.token")
		} else if _, err := bodyPath(p.name); err != nil {
			f.Add("token_name", "%s", err)
		}
	default:
		f.Add("position", "%q is not one of header, query, body%s", position, configjson.DidYouMean(position, positions))
	}
	return p
}

// compilePlaces reads the entry's place and, where the rule has one, its cookie.
func compilePlaces(tokenName, position, cookie string, r *rule, f *configjson.FieldErrors) []place {
	places := []place{compilePlace(tokenName, position, f)}
	if cookie == "" {
		return places
	}
	switch {
	case strings.ContainsAny(cookie, " \t\r\n;,=\""):
		f.Add("config.cookie_name", "%q is not the name of a cookie", cookie)
	case strings.ContainsFunc(cookie, func(c rune) bool { return !tokenCharacter(c) }):
		r.objections.Add("config.cookie_name", "%q is not the name of a cookie: letters, digits and %s (RFC 6265 §4.1.1)", cookie, tokenMarks)
	}
	return append(places, place{position: positionCookie, name: cookie})
}

// selectedBy is the header that has the token, for Vary (RFC 9110 §12.5.5); empty if the URI or the body has it.
func (p place) selectedBy() string {
	switch p.position {
	case application.PositionHeader:
		return p.name
	case positionCookie:
		return "Cookie"
	}
	return ""
}

// positions are those that an entry may have.
var positions = []string{application.PositionHeader, application.PositionQuery, application.PositionBody}

// tokenMarks are the characters beside letters and digits that a token of HTTP may have (RFC 9110 §5.6.2).
const tokenMarks = "!#$%&'*+-.^_`|~"

// tokenCharacter reports whether a token of HTTP may have the character.
func tokenCharacter(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(tokenMarks, c)
}

// before puts places in the order in which they are looked at: what costs least first, the body last, because it has
// to be read.
func (p place) before(other place) bool {
	if p.position != other.position {
		return positionOrder[p.position] < positionOrder[other.position]
	}
	return p.name < other.name
}

var positionOrder = map[string]int{
	application.PositionHeader: 0, application.PositionQuery: 1, positionCookie: 2, application.PositionBody: 3,
}

// finding is what stands at a place.
type finding struct {
	token   string // Credential without its scheme; empty if there is none.
	foreign string // What has a token's form behind another scheme than Bearer, in a header.
	several bool   // A second, different credential stands there too.
	formed  bool   // One of several has the form of a token.
	large   bool   // The body is larger than may be read, or has more parts.
	damaged bool   // The body ends before its announced end, or its chunks cannot be read.
	spent   bool   // The body's stream has been read and cannot be put back.
}

// empty reports whether there is nothing to tell of the place.
func (f *finding) empty() bool { return f.token == "" && f.foreign == "" && !f.large && !f.damaged }

// find takes the token from the place. Names of headers are compared in any case (RFC 9110 §5.1), all others to the
// letter.
func (p place) find(ctx http_service.IHttpContext, limits limits) finding {
	switch p.position {
	case application.PositionHeader:
		return findHeader(ctx, p.name)
	case application.PositionQuery:
		return findQuery(ctx, p.name)
	case positionCookie:
		return findCookie(ctx, p.name)
	}
	return findBody(ctx, p.name, limits.body)
}

// hide takes the token out of the request that goes to the upstream; everything else stays as it is.
func (p place) hide(ctx http_service.IHttpContext) {
	switch p.position {
	case application.PositionHeader:
		hideHeader(ctx, p.name)
	case application.PositionQuery:
		hideQuery(ctx, p.name)
	case positionCookie:
		hideCookie(ctx, p.name)
	default:
		hideBody(ctx, p.name)
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
