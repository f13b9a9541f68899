// Package accounts knows who may get tokens of the gateway, and mints them. What concerns machines
// stands in client.go. The owner of a token may be one, so accounts.go names it too.
package accounts

import (
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/internal/appid"
	"apinto-jwt/keys"
	"apinto-jwt/revocation"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Accounts is where the endpoints get tokens: it knows the users with a password or keys, of the rules that issue.
type Accounts struct {
	by     *authn.Authenticator
	stores stores
}

// New makes the accounts of the users whom the authenticator knows.
func New(by *authn.Authenticator) *Accounts { return &Accounts{by: by} }

// at calls do with the rules that issue for the application, given by its name or ID, under the registry's lock.
func (k *Accounts) at(app string, do func(appID string, issuing []*registry.Binding)) {
	id := appid.Of(app)
	k.by.Registry.Issuing(id, func(issuing []*registry.Binding) { do(id, issuing) })
}

// accountOf is the user of the application who has this name and this password under the rule.
func (k *Accounts) accountOf(b *registry.Binding, appID, name string, password keys.Secret) (*Account, bool) {
	user, ok := b.User(name)
	if !ok || user.App.Id() != appID {
		return nil, false
	}
	return &Account{k.by, b.Rule, user, password}, true
}

// Account finds a user of the application with a password, which is given by name ("shop") or ID ("shop@app"). If several
// rules have the name, the first in the rules' order counts.
func (k *Accounts) Account(app, user string) (found *Account, ok bool) {
	k.at(app, func(appID string, issuing []*registry.Binding) { found, ok = k.account(appID, user, issuing) })
	return found, ok
}

// account is the user of the first of the rules that has the name with a password.
func (k *Accounts) account(appID, user string, issuing []*registry.Binding) (*Account, bool) {
	for _, b := range issuing {
		if password, has := b.Passwords(appID)[user]; has {
			if found, ok := k.accountOf(b, appID, user, password); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// OnlyUser is the application's one user with a password; false if it has none, or several.
func (k *Accounts) OnlyUser(app string) (only *Account, ok bool) {
	k.at(app, func(appID string, issuing []*registry.Binding) {
		for _, b := range issuing {
			for name, password := range b.Passwords(appID) {
				a, has := k.accountOf(b, appID, name, password)
				switch {
				case !has:
				case only == nil:
					only, ok = a, true
				case only.user.Name != name:
					ok = false
					return
				}
			}
		}
	})
	return only, ok
}

// Login finds a user of the application as Account does, and the bcrypt cost of the application's passwords: the greatest
// if they differ, 0 if it has none. It looks at the application's own rules alone, and at one state of them.
func (k *Accounts) Login(app, user string) (found *Account, ok bool, cost int) {
	k.at(app, func(appID string, issuing []*registry.Binding) {
		found, ok = k.account(appID, user, issuing)
		cost = passwordCost(appID, issuing)
	})
	return found, ok, cost
}

// passwordCost returns the greatest bcrypt cost of the application's passwords; 0 if it has none.
func passwordCost(appID string, issuing []*registry.Binding) (cost int) {
	for _, b := range issuing {
		for _, password := range b.Passwords(appID) {
			if own, err := bcrypt.Cost([]byte(password.Reveal())); err == nil {
				cost = max(cost, own)
			}
		}
	}
	return cost
}

// Keys are the public keys that sign tokens, and those that have signed some that may be good yet, each key ID once.
func (k *Accounts) Keys() *keys.Set { return k.by.Registry.Signers.Published(k.by.Clock.Now()) }

// Verify finds whose token this is, of those that were minted here and that would be accepted now. The time of its
// expiry is honoured whatever the rule says of it.
func (k *Accounts) Verify(raw string, now time.Time) (*token.Verified, *Account, bool) {
	u, err := token.Parse(raw)
	if err != nil {
		return nil, nil, false
	}
	client := gjson.Get(u.UntrustedPayload(), "client_id")
	if client.Type != gjson.String {
		return nil, nil, false
	}
	var rules []*rule.Rule
	k.at(client.Str, func(_ string, issuing []*registry.Binding) {
		for _, b := range issuing {
			rules = append(rules, b.Rule)
		}
	})
	for _, r := range rules {
		if v, err := u.Verify(r.Keys.Set); err == nil {
			return k.owner(v, client.Str, r, now)
		}
	}
	return nil, nil, false
}

// owner is the account that a token of the rule was made for.
func (k *Accounts) owner(v *token.Verified, client string, r *rule.Rule, now time.Time) (*token.Verified, *Account, bool) {
	name, err := r.Judge(v, now, false)
	if err != nil || (&token.Expected{Exp: token.Require}).CheckTime(v, now) != nil {
		return nil, nil, false
	}
	a, ok := k.Account(client, name)
	if !ok || !a.Of(r) {
		a, ok = k.clientUnder(r, client, name)
	}
	if !ok {
		return nil, nil, false
	}
	return v, a, true
}

// Ended reports whether a token that was verified has been ended early, or its user may not come in any more.
func (k *Accounts) Ended(v *token.Verified, a *Account, now time.Time) bool {
	return authn.Standing(a.user, now) != token.Accepted || k.by.Revoked(v, a.user, a.rule, now)
}

// Stores has every store opened that a rule in force names in its "issue", and every one that a rule will name.
func (k *Accounts) Stores(open func(store string)) {
	k.stores.openWith(open)
}

// Use has the store of a rule opened, once; "" is none.
func (k *Accounts) Use(store string) { k.stores.use(store) }

// Store is the store that the application's rules name, the first in the rules' order; false if they name none.
func (k *Accounts) Store(app string) (store string, ok bool) {
	k.at(app, func(_ string, issuing []*registry.Binding) {
		for _, b := range issuing {
			if b.Rule.Issue.Store != "" && !ok {
				store, ok = b.Rule.Issue.Store, true
			}
		}
	})
	return store, ok
}

// Watch puts a store in force for as long as the process lives: tokens that it has ended are refused from now on.
func (k *Accounts) Watch(store revocation.Store) { k.by.Revocations.Add(store) }
