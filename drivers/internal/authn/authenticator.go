// Package authn authenticates a request by the rules in force.
//
// Reading it top-down is reading a request. [Authenticator.GetUser] (authenticator.go) authenticates it once
// (authenticate.go): its token is found at the locations of the rules (package bearer), parsed (package token) and verified
// (verify.go) with the keys that the registry's indexes offer, and evaluated by the rules that have its key (evaluate.go).
package authn

import (
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/revocation"
	"apinto-jwt/token"
)

// Authenticator authenticates requests by the rules in force. All entries of a process share one.
type Authenticator struct {
	Registry    *registry.Registry
	Counters    *metrics.Counters
	Panics      panics.Counter
	Revocations revocation.List // Tokens that have been ended early.
	Clock       Clock
	BodyLimit   int // Longest body that is read for a token, in bytes.

	cache        *tokenCache
	hints        hints
	fingerprints *fingerprints // Of refused tokens.
	// refusals are the plain refusals of the present generation by reason, once they are there.
	refusals [token.ReasonCount]atomic.Pointer[outcome]
	// formless are the same for what has not the form of a token.
	formless [token.ReasonCount]atomic.Pointer[outcome]
}

// New makes an authenticator for the rules of the registry. Limits are in bytes; a cacheLimit of 0 keeps no verified tokens.
func New(rules *registry.Registry, clock Clock, bodyLimit, cacheLimit int) *Authenticator {
	a := &Authenticator{
		Registry: rules, Counters: metrics.New(), Clock: clock, BodyLimit: bodyLimit, fingerprints: newFingerprints(),
	}
	a.cache = newTokenCache(cacheLimit, &a.Panics)
	a.Revocations.Panicked = a.Panics.Stopped
	return a
}

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
