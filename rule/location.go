package rule

import (
	"net/textproto"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/httptoken"
)

// Location is the place of a token in a request. It is comparable, so that rules with the same location share it.
type Location struct {
	Position string // One of the Position constants.
	Name     string // Name of the header (canonical), parameter, cookie or field.
}

// The positions. An entry may have the first three; a cookie is looked at beside them.
const (
	PositionHeader = "header"
	PositionQuery  = "query"
	PositionBody   = "body"
	PositionCookie = "cookie"
)

// Authorization returns the location of RFC 6750 §2.1.
func Authorization() Location { return Location{Position: PositionHeader, Name: "Authorization"} }

// String names the location for people: "header Authorization".
func (l Location) String() string { return l.Position + " " + l.Name }

// compileLocation reads the entry's position and token_name. An empty position is the Authorization header, as the
// host has it.
func compileLocation(tokenName, position string, f *configjson.FieldErrors) Location {
	l := Location{Position: position, Name: strings.TrimSpace(tokenName)}
	switch position {
	case "":
		return Authorization()
	case PositionHeader:
		if l.Name == "" {
			return Authorization()
		}
		l.Name = textproto.CanonicalMIMEHeaderKey(l.Name)
	case PositionQuery:
		if l.Name == "" {
			f.Add("token_name", "is empty; give the name of the query parameter")
		}
	case PositionBody:
		if l.Name == "" {
			f.Add("token_name", "is empty; give the name of the form field or JSON member, or a JSONPath as $.auth.token")
		} else if _, err := BodyPath(l.Name); err != nil {
			f.Add("token_name", "%s", err)
		}
	default:
		f.Add("position", "%q is not one of header, query, body%s", position, configjson.DidYouMean(position, positions))
	}
	return l
}

// compileLocations reads the entry's location and, if the rule has one, its cookie.
func compileLocations(tokenName, position, cookie string, r *Rule, f *configjson.FieldErrors) []Location {
	locations := []Location{compileLocation(tokenName, position, f)}
	if cookie == "" {
		return locations
	}
	switch {
	case strings.ContainsAny(cookie, " \t\r\n;,=\""):
		f.Add("config.cookie_name", "%q is not the name of a cookie", cookie)
	case !httptoken.Valid(cookie):
		r.objections.Add("config.cookie_name", "%q is not the name of a cookie: letters, digits and %s (RFC 6265 §4.1.1)", cookie, httptoken.Marks)
	}
	return append(locations, Location{Position: PositionCookie, Name: cookie})
}

// SelectedBy returns the header that has the token, for Vary (RFC 9110 §12.5.5). Empty: the URI or the body has it.
func (l Location) SelectedBy() string {
	switch l.Position {
	case PositionHeader:
		return l.Name
	case PositionCookie:
		return "Cookie"
	}
	return ""
}

// positions are those that an entry may have.
var positions = []string{PositionHeader, PositionQuery, PositionBody}

// Before reports whether the location is looked at before the other: what costs least comes first, the body last.
func (l Location) Before(other Location) bool {
	if l.Position != other.Position {
		return positionOrder[l.Position] < positionOrder[other.Position]
	}
	return l.Name < other.Name
}

var positionOrder = map[string]int{
	PositionHeader: 0, PositionQuery: 1, PositionCookie: 2, PositionBody: 3,
}
