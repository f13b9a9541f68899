package authn

import (
	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/token"
)

// GetUser answers for the request's token as [application.IAuth] does: the user whom it names by any rule in force, and
// whether it is accepted. The user of a disabled application, or one who has expired, is returned too: the host refuses
// them with words of its own. (nil, true) ends the host's search for a request that can no longer be forwarded whole.
func (a *Authenticator) GetUser(ctx http_service.IHttpContext) (user *application.UserInfo, ok bool) {
	whole := false
	defer func() {
		if whole { // to ask recover takes as long as all else if there is nothing to do
			return
		}
		if p := recover(); p != nil {
			a.Panics.Caught("GetUser", panics.Asked)
			user, ok = nil, false
			labelInternal(ctx)
		}
	}()
	user, ok = a.user(ctx)
	whole = true
	return user, ok
}

// user is GetUser without its guard.
func (a *Authenticator) user(ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	r := a.known(ctx)
	if r == nil {
		r = a.authenticate(ctx)
		a.count(r)
		if r.reason != token.Accepted {
			a.label(ctx, r)
		}
		switch {
		case r.reason == token.Accepted: // the host asks nobody else
			m := r.best()
			a.admit(r, m, ctx)
			r.release()
			return m.user, true
		case r.plain():
			hosthttp.CloseUnread(ctx)
			a.refusal(r).keep(ctx)
			r.release()
			return nil, false
		}
		r.keep(ctx)
	}
	return a.answer(r, ctx)
}

// answer is the authenticator's with an outcome that stays with the request.
func (a *Authenticator) answer(r *outcome, ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	if r.end {
		return nil, true
	}
	m := r.best()
	switch {
	case r.reason == token.Accepted:
		a.admit(r, m, ctx)
	case !r.refused:
		r.refused = true
		hosthttp.CloseUnread(ctx)
	}
	return m.user, m.user != nil
}
