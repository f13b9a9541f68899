package jwt

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
)

// authenticator stands for a rule at the host. The host asks every authenticator that it has about a request until one says
// yes, and makes the list of them anew each time, which takes longer than all that the driver does. So there is one for it
// to ask: those whose rules are in force go by one ID, and the host keeps the last of them. Any of them answers for all
// rules, which are the registry's, as are their users.
type authenticator struct {
	driver    *Driver
	rule      *rule.Rule
	tokenName string
	position  string
	origin    rule.Origin
	checked   atomic.Uint64 // is the number of the last check
	// inForce tells that the rule has been put in force.
	inForce atomic.Bool
}

var _ application.IAuth = (*authenticator)(nil)

// Driver is "jwt".
func (a *authenticator) Driver() string { return Name }

// GetUser answers for the request's token, by all rules in force.
func (a *authenticator) GetUser(ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	return a.driver.GetUser(ctx)
}

// Check reports whether the application may have these users: names are unique in a rule. Errors wrap ErrUser. Those of a
// stored entry are not refused: Set takes the ones that can be used.
func (a *authenticator) Check(appID string, users []application.ITransformConfig) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.driver.Panics.Caught("Check", panics.Asked)
			err = ErrInternal
		}
	}()
	var names []string
	anyUser := false
	if a.origin == rule.Saved {
		m := rule.ReadUsers(usersOf(users))
		if len(m.Faults) > 0 {
			return fmt.Errorf("%w: %s", ErrUser, strings.Join(m.Faults, "; "))
		}
		names, anyUser = m.Names(), m.Any != nil
	}
	number, err := a.driver.Registry.Check(a.rule, appID, names, anyUser, a.origin)
	a.checked.Store(number)
	return err
}

// Set binds the application's users; from now on their tokens are accepted.
func (a *authenticator) Set(app application.IApp, users []application.ITransformConfig) {
	defer a.stop("Set")
	defer a.inForce.Store(true)
	m := new(rule.Users)
	if a.rule.InForce() {
		m = rule.ReadUsers(usersOf(users))
	}
	saved := registry.Saved{Passwords: m.Passwords, ClientKeys: m.ClientKeys, Warnings: slices.Concat(m.Faults, m.Warnings)}
	for _, user := range m.List {
		saved.Users = append(saved.Users, a.infoOf(user, user.Username(), app))
	}
	if m.Any != nil {
		saved.Any = a.infoOf(m.Any, "", app)
	}
	a.driver.Registry.Set(a.rule, app.Id(), a.checked.Load(), saved)
	if a.rule.Issue != nil {
		a.driver.accounts.Use(a.rule.Issue.Store)
	}
	a.driver.Registry.WarnOfCrowded(&a.driver.Panics)
}

// infoOf is a user as the host gets it. Its application stands in hostquirks.go, above this file, with methods of the
// authenticator: what only the host's oddities demand is in one place.
func (a *authenticator) infoOf(user *rule.User, name string, app application.IApp) *application.UserInfo {
	return &application.UserInfo{
		Name:           name,
		Expire:         user.Expire,
		Labels:         user.Labels,
		HideCredential: user.HideCredential && a.position != application.PositionQuery,
		Additional:     authn.Hides(user.HideCredential),
		TokenName:      a.tokenName,
		Position:       a.position,
		App:            userApp{app},
	}
}

// Del ends the application's use of all rules.
func (a *authenticator) Del(appID string) {
	defer a.stop("Del")
	a.driver.Registry.Delete(appID)
}

// stop keeps a panic from reaching the host. It is to be deferred itself.
func (a *authenticator) stop(place string) {
	if p := recover(); p != nil {
		a.driver.Panics.Caught(place, panics.Asked)
	}
}
