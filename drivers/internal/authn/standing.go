package authn

import (
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Standing returns Accepted if a user may come in now, else the reason why not.
func Standing(user *application.UserInfo, now time.Time) token.Reason {
	switch {
	case user.App.Disable():
		return token.AppDisabled
	case user.Expire != 0 && user.Expire <= now.Unix():
		return token.UserExpired
	}
	return token.Accepted
}

// Revoked reports whether the user's token has been ended, in any of the ways there are.
func (a *Authenticator) Revoked(v *token.Verified, user *application.UserInfo, of *rule.Rule, now time.Time) bool {
	return a.listed(v, user, now) || of.Issue != nil && a.Revocations.EndedByStore(v)
}

// listed reports whether the hashes end the user's token.
func (a *Authenticator) listed(v *token.Verified, user *application.UserInfo, now time.Time) bool {
	s := a.Revocations.Snapshot(now)
	return s != nil && s.Ends(v, user.App.Id(), user.Name)
}

// contradicted reports whether a place that the rule looks at has a different token. That is known already, unless the
// rule looks at a place that no rule did when the walk began.
func (a *Authenticator) contradicted(ctx http_service.IHttpContext, of *rule.Rule, raw string, r *outcome) bool {
	if len(of.Locations) == 1 || r.locations == a.Registry.Locations() {
		return false
	}
	other := func(credential string) bool {
		return credential != "" && credential != raw && token.HasForm(credential)
	}
	for _, p := range of.Locations {
		if f := bearer.Extract(ctx, p, a.BodyLimit); f.Damaged || f.Formed || other(f.Token) || other(f.Foreign) {
			return true
		}
	}
	return false
}
