package token

import (
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/resourceuri"
	"apinto-jwt/internal/strictjson"
)

// claims is a JWT Claims Set (RFC 7519 §4) whose registered claims have the types that the RFC gives them.
type claims struct {
	strictjson.Object
	issuer    string
	subject   string
	id        string
	audience  string // as JSON text
	expires   NumericDate
	notBefore NumericDate
	issuedAt  NumericDate
	has       claimSet
}

// claimSet tells which of the registered string claims are there.
type claimSet struct{ issuer, subject, id, audience bool }

// parse reads the claims and checks the types of the registered ones.
func (c *claims) parse(text string) *Error {
	if err := c.Parse(text); err != nil {
		return syntax("payload", err)
	}
	for _, m := range c.Members() {
		var err *Error
		switch raw := c.Raw(m); c.Name(m) {
		case "iss":
			c.has.issuer = true
			err = wantString(raw, &c.issuer, "payload.iss")
		case "sub":
			c.has.subject = true
			err = wantString(raw, &c.subject, "payload.sub")
		case "jti":
			c.has.id = true
			err = wantString(raw, &c.id, "payload.jti")
		case "aud":
			c.has.audience, c.audience = true, raw
			err = wantAudience(raw)
		case "exp":
			err = c.expires.parse(raw, "payload.exp")
		case "nbf":
			err = c.notBefore.parse(raw, "payload.nbf")
		case "iat":
			err = c.issuedAt.parse(raw, "payload.iat")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wantAudience checks that "aud" is a string or a list of strings (RFC 7519 §4.1.3).
func wantAudience(raw string) *Error {
	if raw[0] == '"' {
		return nil
	}
	ok := raw[0] == '['
	if ok {
		gjson.Parse(raw).ForEach(func(_, v gjson.Result) bool {
			ok = v.Type == gjson.String
			return ok
		})
	}
	if !ok {
		return refuse(TokenMalformed, "payload.aud", "must be a string or a list of strings")
	}
	return nil
}

// hasAudience reports whether one of the names is in "aud", or else the resource in any spelling of scheme and host.
func (c *claims) hasAudience(names []string, resource string) bool {
	found := false
	each(gjson.Parse(c.audience), func(v gjson.Result) bool {
		for _, name := range names {
			found = found || v.Str == name
		}
		return !found
	})
	if found || resource == "" { // nearly all write it as it is
		return found
	}
	each(gjson.Parse(c.audience), func(v gjson.Result) bool {
		found = resourceuri.Canonical(v.Str) == resource
		return !found
	})
	return found
}

// each walks the values of a list, or the one value that is no list.
func each(v gjson.Result, visit func(gjson.Result) bool) {
	if v.IsArray() {
		v.ForEach(func(_, item gjson.Result) bool { return visit(item) })
		return
	}
	visit(v)
}

// TypeAllowed reports whether "typ" may stand in a JWT's header (RFC 7519 §5.1, RFC 8725 §3.11): "JWT", or something
// that ends in "+jwt" as "at+jwt" does (RFC 9068), with or without "application/", in any case.
func TypeAllowed(typ string) bool {
	typ = shortType(typ)
	return strings.EqualFold(typ, "JWT") || len(typ) > 4 && strings.EqualFold(typ[len(typ)-4:], "+jwt")
}

// SameType reports whether two values of "typ" name one media type (RFC 7515 §4.1.9).
func SameType(a, b string) bool { return strings.EqualFold(shortType(a), shortType(b)) }

// shortType leaves out the "application/" that RFC 7515 §4.1.9 makes optional.
func shortType(typ string) string {
	const prefix = "application/"
	if len(typ) > len(prefix) && strings.EqualFold(typ[:len(prefix)], prefix) {
		return typ[len(prefix):]
	}
	return typ
}
