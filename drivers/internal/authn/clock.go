package authn

import (
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// Clock tells the time at which a request is judged.
type Clock struct {
	Now func() time.Time
	// Arrived is when the request came, as far as that is known.
	Arrived func(ctx http_service.IHttpContext) time.Time
}

// HostClock takes the time at which the host handed the request to its handlers, header read and token here: to ask for
// the time again takes as long as a tenth of all that a known token costs.
func HostClock() Clock {
	return Clock{time.Now, func(ctx http_service.IHttpContext) time.Time {
		if at := ctx.AcceptTime(); !at.IsZero() {
			return at
		}
		return time.Now()
	}}
}
