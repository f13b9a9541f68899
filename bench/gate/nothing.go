package gate

import (
	"github.com/eolinker/apinto/application/auth"

	"apinto-jwt/jwttest/nothing"
)

// Nothing returns a driver whose one authenticator does nothing: what is left is the host's own work. It accepts every request for
// application yes, once that has been bound.
func Nothing(yes string) auth.IAuthFactory { return nothing.NewFactory(yes) }
