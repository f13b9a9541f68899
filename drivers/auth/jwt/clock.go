package jwt

import (
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// clock tells the time at which a request is judged.
type clock struct {
	now func() time.Time
	// arrived is when the request came, as far as that is known.
	arrived func(ctx http_service.IHttpContext) time.Time
}

// hostClock takes the time at which the host handed the request to its handlers, header read and token here: to ask for
// the time again takes as long as a tenth of all that a known token costs.
func hostClock() clock {
	return clock{time.Now, func(ctx http_service.IHttpContext) time.Time {
		if at := ctx.AcceptTime(); !at.IsZero() {
			return at
		}
		return time.Now()
	}}
}
