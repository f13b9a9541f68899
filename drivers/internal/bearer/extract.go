// Package bearer finds the token of a request and removes it (RFC 6750 §2): in a header or the query (header.go), a cookie
// (cookie.go), or the body (body.go), which may be a form (urlencoded.go, multipart.go) or JSON (jsonbody.go).
package bearer

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/rule"
)

// Extract takes the token from the location. A body of more than bodyLimit bytes is not read. Names of headers are
// compared in any case (RFC 9110 §5.1), all others to the letter.
func Extract(ctx http_service.IHttpContext, p rule.Location, bodyLimit int) Extraction {
	switch p.Position {
	case rule.PositionHeader:
		return extractHeader(ctx, p.Name)
	case rule.PositionQuery:
		return extractQuery(ctx, p.Name)
	case rule.PositionCookie:
		return extractCookie(ctx, p.Name)
	}
	return extractBody(ctx, p.Name, bodyLimit)
}

// Of takes the token from a value as if it stood at the location.
func Of(value string, p rule.Location) Extraction {
	var f Extraction
	if p.Position == rule.PositionBody {
		value = strings.TrimSpace(value)
	}
	f.add(value, p.Position == rule.PositionHeader)
	return f
}

// Remove takes the token out of the request that goes to the upstream; everything else stays as it is.
func Remove(ctx http_service.IHttpContext, p rule.Location) {
	switch p.Position {
	case rule.PositionHeader:
		removeHeader(ctx, p.Name)
	case rule.PositionQuery:
		removeQuery(ctx, p.Name)
	case rule.PositionCookie:
		removeCookie(ctx, p.Name)
	default:
		removeBody(ctx, p.Name)
	}
}
