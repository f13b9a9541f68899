// Package nothing has drivers whose authenticators do next to nothing, to measure what the host does by itself.
package nothing

import (
	"fmt"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	builtin "github.com/eolinker/apinto/application/auth/jwt"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// NewFactory makes a driver that takes the configurations of the type "jwt". The authenticators of the application with
// the ID yes accept every request, the others none.
func NewFactory(yes string) auth.IAuthFactory {
	return &factory{IAuthFactory: builtin.NewFactory(), yes: yes}
}

// NewLooking makes a driver that takes the configurations of the type "jwt". Its authenticators accept no request: the
// first one leaves a note with it, and all others look whether there is one, which is the least that authenticators of
// one driver can do to share what the first has found out.
func NewLooking() auth.IAuthFactory {
	return &factory{IAuthFactory: builtin.NewFactory(), looking: true}
}

type factory struct {
	auth.IAuthFactory
	yes     string
	looking bool
	made    atomic.Int64
}

// Create implements auth.IAuthFactory.
func (f *factory) Create(string, string, any) (application.IAuth, error) {
	a := authenticator{id: fmt.Sprintf("nothing-%d", f.made.Add(1)), yes: f.yes}
	if f.looking {
		return &looking{a}, nil
	}
	return &a, nil
}

// authenticator does nothing.
type authenticator struct {
	id, yes string
	user    *application.UserInfo
}

var _ application.IAuth = (*authenticator)(nil)

// ID implements application.IAuth.
func (a *authenticator) ID() string { return a.id }

// Driver implements application.IAuth.
func (a *authenticator) Driver() string { return "jwt" }

// Check implements application.IAuth.
func (a *authenticator) Check(string, []application.ITransformConfig) error { return nil }

// Set implements application.IAuth.
func (a *authenticator) Set(app application.IApp, _ []application.ITransformConfig) {
	if app.Id() == a.yes {
		a.user = &application.UserInfo{Name: "user", App: app}
	}
}

// Del implements application.IAuth.
func (a *authenticator) Del(string) {}

// UserCount implements application.IAuth.
func (a *authenticator) UserCount() int { return 1 }

// GetUser implements application.IAuth.
func (a *authenticator) GetUser(http_service.IHttpContext) (*application.UserInfo, bool) {
	return a.user, a.user != nil
}

// looking leaves a note, or finds it.
type looking struct{ authenticator }

// note is found among a request's values. Pointers are compared fastest.
var note any = new(struct{ _ byte })

// GetUser implements application.IAuth.
func (*looking) GetUser(ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	if ctx.Value(note) == nil {
		ctx.WithValue(note, note)
	}
	return nil, false
}
