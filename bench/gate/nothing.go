package gate

import (
	"fmt"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/auth/jwt"
)

// Nothing is a driver whose authenticators do nothing: what is left is the host's own work. The one of application yes
// accepts every request, the others none.
func Nothing(yes string) auth.IAuthFactory { return &nothingFactory{Builtin(), yes, new(atomic.Int64)} }

type nothingFactory struct {
	auth.IAuthFactory
	yes  string
	made *atomic.Int64
}

// Create implements auth.IAuthFactory.
func (f *nothingFactory) Create(string, string, any) (application.IAuth, error) {
	return &nothing{id: fmt.Sprintf("nothing-%d", f.made.Add(1)), yes: f.yes}, nil
}

type nothing struct {
	id, yes string
	user    *application.UserInfo
}

var _ application.IAuth = (*nothing)(nil)

// ID implements application.IAuth.
func (n *nothing) ID() string { return n.id }

// Driver implements application.IAuth.
func (n *nothing) Driver() string { return jwt.Name }

// Check implements application.IAuth.
func (n *nothing) Check(string, []application.ITransformConfig) error { return nil }

// Set implements application.IAuth.
func (n *nothing) Set(app application.IApp, _ []application.ITransformConfig) {
	if app.Id() == n.yes {
		n.user = &application.UserInfo{Name: "user", App: app}
	}
}

// Del implements application.IAuth.
func (n *nothing) Del(string) {}

// UserCount implements application.IAuth.
func (n *nothing) UserCount() int { return 1 }

// GetUser implements application.IAuth.
func (n *nothing) GetUser(http_service.IHttpContext) (*application.UserInfo, bool) {
	return n.user, n.user != nil
}
