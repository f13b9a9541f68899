package authn

import (
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/rule"
)

// effects are what an acceptance does to the request, and what is asked again each time that it is reused. The zero value
// does nothing, and asks only what may change of any token.
type effects struct {
	labels bool // The key ID or claims become labels.
	hides  bool // The token is taken out of the request.
	store  bool // A store of sessions may have ended the token.
	places bool // Another token may stand at another location of the rule.
}

// effects computes what accepting the match does and asks, whether or not the token is cached.
func (m match) effects() effects {
	return effects{
		labels: m.binding.WritesLabels,
		hides:  m.user.Additional == Hides(true),
		store:  m.binding.Rule.Issue != nil,
		places: len(m.binding.Rule.Locations) > 1,
	}
}

// admit does to the request what the rule and the user ask for when the token is accepted.
func (a *Authenticator) admit(r *outcome, m match, ctx http_service.IHttpContext) {
	if r.location != nil && r.location.Private {
		hosthttp.MarkPrivate(ctx, r.location.Location.SelectedBy(), &a.Panics)
	}
	if r.unconditional {
		return
	}
	does := m.effects()
	if does.labels {
		writeLabels(ctx, m.binding.Rule, r.verified)
	}
	if does.hides {
		r.hide(ctx, rule.Location{})
	}
}

// Hides is true if the user's token is hidden. The driver does that itself; what the host would do after it changes
// nothing, but in a query, where it would write all other parameters anew. So it is not told of those.
type Hides bool

// hide takes the token out of the request that goes to the upstream, wherever any rule looks for it, but for a place that
// is empty already. It is done once.
func (r *outcome) hide(ctx http_service.IHttpContext, empty rule.Location) {
	if r.hidden {
		return
	}
	r.hidden = true
	for i := range r.extractions {
		f := &r.extractions[i]
		if (f.Token == r.token || f.Foreign == r.token) && f.location.Location != empty {
			bearer.Remove(ctx, f.location.Location)
		}
	}
}
