package peers

import (
	"context"
	"errors"
)

// peer is a server that is measured.
type peer interface {
	// prepare has the server serve the case from then on.
	prepare(ctx context.Context, c loadCase) error
	// url returns the address of the case's protected route, or of the open one.
	url(c loadCase, open bool) (string, error)
	// root returns the process whose group and descendants are the server.
	root() int
	close() error
}

// errCannot says that a server has no way to do what a case asks for.
var errCannot = errors.New("cannot")

// The sides of a contender that the figures name.
const (
	oursOpen   = "apinto-jwt, open route"
	oursApp    = "apinto-jwt, plugin app"
	filterOpen = "apinto-jwt with filter, open route"
	oursFilter = "apinto-jwt, filter"
	stockOpen  = "stock Apinto, open route"
	stockJWT   = "stock Apinto, builtin jwt"
	haOpen     = "HAProxy, open"
	haJWT      = "HAProxy, jwt_verify"
	apacheOpen = "Apache, open"
	apacheJWT  = "Apache, mod_oauth2"
	proxyOpen  = "oauth2-proxy, open"
	proxyJWT   = "oauth2-proxy, bearer token"
	nginxOpen  = "nginx, open"
	caddyOpen  = "Caddy, open"
)

// withToken names the rows of open routes that are asked with the token.
const withToken = ", with the token"

// contender is a row of the tables: one route of a peer.
type contender struct {
	name string
	open bool
	// token marks an open route that is asked with the case's token: the same request as the protected one's.
	token bool
	peer  peer // nil: it is not there
	// reference marks a peer that keeps one application, measured beside those with many.
	reference bool
	missing   string // why the peer is not there
}

// takesPart reports whether a case has a row for the contender.
func (r contender) takesPart(c loadCase) bool {
	switch {
	case r.open:
		return c.open
	case r.reference:
		return c.apps > 1
	}
	return true
}

// served returns the case that the contender's server is to serve: a reference stays with one application.
func (r contender) served(c loadCase) loadCase {
	if r.reference {
		c.apps = 1
	}
	return c
}
