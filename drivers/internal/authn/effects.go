package authn

import (
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
)

// admit does to the request what the rule and the user ask for when the token is accepted.
func (a *Authenticator) admit(r *outcome, m match, ctx http_service.IHttpContext) {
	if r.location != nil && r.location.Private {
		hosthttp.MarkPrivate(ctx, r.location.Location.SelectedBy(), &a.Panics)
	}
	if r.unconditional {
		return
	}
	if m.binding.WritesLabels {
		writeLabels(ctx, m.binding.Rule, r.verified)
	}
	if m.hides() {
		r.hide(ctx)
	}
}

// hides reports whether the user's token is to be taken out of the request.
func (m match) hides() bool { return m.user.Additional == Hides(true) }

// Hides tells that the user's token is hidden. The driver does that itself; what the host would do after it changes
// nothing, but in a query, where it would write all other parameters anew. So it is not told of those.
type Hides bool

// hide takes the token out of the request that goes to the upstream, wherever any rule looks for it.
func (r *outcome) hide(ctx http_service.IHttpContext) {
	for i := range r.extractions {
		if f := &r.extractions[i]; f.Token == r.token || f.Foreign == r.token {
			bearer.Remove(ctx, f.location.Location)
		}
	}
}
