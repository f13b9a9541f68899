package gate

import (
	"github.com/eolinker/apinto/application/auth"

	"apinto-jwt/jwttest/nothing"
)

// Nothing is a driver whose authenticators do nothing: what is left is the host's own work. The one of application yes
// accepts every request, the others none.
func Nothing(yes string) auth.IAuthFactory { return nothing.NewFactory(yes) }

// Looking is a driver whose authenticators accept nothing, and do no more than to look whether the first of them has left
// something with the request.
func Looking() auth.IAuthFactory { return nothing.NewLooking() }
