package jwt

import (
	"fmt"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// authenticator is the host's handle on a rule. It holds no users: those are the registry's, found by the rule's ID,
// since the host makes several handles for one rule and keeps any of them.
type authenticator struct {
	driver    *driver
	rule      *rule
	tokenName string
	position  string
	// bound is the rule as it was in force when it was last looked for.
	bound atomic.Pointer[binding]
}

var _ application.IAuth = (*authenticator)(nil)

// ID is equal for two entries with the same rule, name and position.
func (a *authenticator) ID() string { return a.rule.id }

// Driver is "jwt".
func (a *authenticator) Driver() string { return Name }

// GetUser answers for the request's token: the user whom it names, and whether it is accepted. The user of a disabled
// application, or one who has expired, is returned too: the host refuses them with words of its own. (nil, true) ends
// the host's search for a request that can no longer be forwarded whole.
func (a *authenticator) GetUser(ctx http_service.IHttpContext) (user *application.UserInfo, ok bool) {
	whole := false
	defer func() {
		if whole { // to ask recover takes as long as all else where there is nothing to do
			return
		}
		if p := recover(); p != nil {
			a.driver.faults.Caught("GetUser", refusedByFault)
			user, ok = nil, false
			labelInternal(ctx)
		}
	}()
	user, ok = a.user(ctx)
	whole = true
	return user, ok
}

// user is GetUser unguarded.
func (a *authenticator) user(ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	if r := a.driver.known(ctx); r != nil {
		if r.refused && len(r.matches) == 0 {
			return nil, false
		}
		return a.judged(ctx, r)
	}
	r := a.driver.resolve(ctx)
	a.driver.tallies.count(r)
	switch {
	case r.reason == token.Accepted && a.answers(r): // the host asks nobody else
		m := r.best()
		r.admit(m, ctx)
		r.release()
		return m.user, true
	case r.plain():
		closeUnread(ctx)
		a.driver.refusal(r).keep(ctx)
		r.release()
		return nil, false
	}
	r.keep(ctx)
	return a.judged(ctx, r)
}

// judged is the authenticator's answer with a resolution that the others have too.
func (a *authenticator) judged(ctx http_service.IHttpContext, r *resolution) (*application.UserInfo, bool) {
	if r.end {
		return nil, true
	}
	if r.reason != token.Accepted && !r.refused {
		r.refused = true
		closeUnread(ctx)
	}
	for range maxWalks {
		if len(r.matches) == 0 {
			break
		}
		if a.answers(r) {
			m := r.best()
			if r.reason == token.Accepted {
				r.admit(m, ctx)
			}
			return m.user, true
		}
		if !a.driver.registry.settled(r.generation) {
			break
		}
		r = a.driver.resolve(ctx) // the rules have changed since
		a.driver.tallies.count(r)
		r.keep(ctx)
	}
	return nil, false
}

// answers tells whether the authenticator is to answer with this resolution: its own rule accepts the token; or the rule
// is no longer in force, and the application that it served has moved on to the one that accepts it, which the host is
// about to learn.
func (a *authenticator) answers(r *resolution) bool {
	b := a.bound.Load()
	if b == nil || !b.live.Load() {
		b = a.driver.registry.inForce(a.rule.id)
		a.bound.Store(b)
	}
	if b != nil {
		return r.by(b)
	}
	return r.reason == token.Accepted && a.driver.registry.succeeded(a.rule.id, r.best().user.App.Id())
}

// Check tells whether the application may have these users: names are unique in a rule. Errors wrap ErrUser.
func (a *authenticator) Check(appID string, users []application.ITransformConfig) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.driver.faults.Caught("Check", refusedByFault)
			err = ErrInternal
		}
	}()
	names := make([]string, 0, len(users))
	seen := make(map[string]struct{}, len(users))
	for i, config := range users {
		user, ok := config.Config().(*User)
		if !ok {
			return fmt.Errorf("%w: users[%d]: must be an object with pattern.username", ErrUser, i)
		}
		if err := checkPassword(i, user.Pattern.Password); err != nil {
			return err
		}
		if _, repeated := seen[user.Username()]; repeated {
			return fmt.Errorf("%w: users[%d].pattern.username: %q is there twice", ErrUser, i, user.Username())
		}
		seen[user.Username()] = struct{}{}
		names = append(names, user.Username())
	}
	return a.driver.registry.check(a.rule, appID, mark(users), names)
}

// mark is what Check and Set of one configuration have in common.
func mark(users []application.ITransformConfig) any {
	if len(users) == 0 {
		return nil
	}
	return users[0]
}

// Set binds the application's users; from now on their tokens are accepted.
func (a *authenticator) Set(app application.IApp, users []application.ITransformConfig) {
	defer a.stop("Set")
	infos := make([]*application.UserInfo, 0, len(users))
	passwords := make(map[string]keys.Secret)
	for _, config := range users {
		user, ok := config.Config().(*User)
		if !ok {
			continue // Check has refused it
		}
		if user.Pattern.Password != "" {
			passwords[user.Username()] = user.Pattern.Password
		}
		infos = append(infos, &application.UserInfo{
			Name:           user.Username(),
			Expire:         user.Expire,
			Labels:         user.Labels,
			HideCredential: user.HideCredential && a.position != application.PositionQuery,
			Additional:     hides(user.HideCredential),
			TokenName:      a.tokenName,
			Position:       a.position,
			App:            app,
		})
	}
	a.driver.registry.set(a.rule, app.Id(), mark(users), infos)
	a.driver.registry.setPasswords(a.rule.id, app.Id(), passwords)
}

// Del ends the application's use of the rule.
func (a *authenticator) Del(appID string) {
	defer a.stop("Del")
	a.driver.registry.del(a.rule.id, appID)
}

// UserCount is how many users the rule has; at 0 the host forgets the authenticator.
func (a *authenticator) UserCount() int {
	defer a.stop("UserCount")
	return a.driver.registry.users(a.rule.id)
}

// stop keeps a panic from reaching the host. It is to be deferred itself.
func (a *authenticator) stop(place string) {
	if p := recover(); p != nil {
		a.driver.faults.Caught(place, refusedByFault)
	}
}
