// Package nothing has a driver whose authenticator does nothing, to measure what the host does by itself.
package nothing

import (
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	builtin "github.com/eolinker/apinto/application/auth/jwt"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// NewFactory makes a driver that takes the configurations of the type "jwt". It has one authenticator for all rules, so that
// the host has no more to ask than it must. This accepts every request in the name of the application with the ID yes, once
// that is there.
func NewFactory(yes string) auth.IAuthFactory {
	return &factory{IAuthFactory: builtin.NewFactory(), only: &authenticator{yes: yes}}
}

type factory struct {
	auth.IAuthFactory
	only *authenticator
}

// Create implements auth.IAuthFactory.
func (f *factory) Create(string, string, any) (application.IAuth, error) { return f.only, nil }

// authenticator does nothing.
type authenticator struct {
	yes  string
	user atomic.Pointer[application.UserInfo]
}

var _ application.IAuth = (*authenticator)(nil)

// ID implements application.IAuth.
func (*authenticator) ID() string { return "nothing" }

// Driver implements application.IAuth.
func (*authenticator) Driver() string { return "jwt" }

// Check implements application.IAuth.
func (*authenticator) Check(string, []application.ITransformConfig) error { return nil }

// Set implements application.IAuth.
func (a *authenticator) Set(app application.IApp, _ []application.ITransformConfig) {
	if app.Id() == a.yes {
		a.user.Store(&application.UserInfo{Name: "user", App: app})
	}
}

// Del implements application.IAuth.
func (*authenticator) Del(string) {}

// UserCount implements application.IAuth.
func (*authenticator) UserCount() int { return 1 }

// GetUser implements application.IAuth.
func (a *authenticator) GetUser(http_service.IHttpContext) (*application.UserInfo, bool) {
	user := a.user.Load()
	return user, user != nil
}
