package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/tidwall/gjson"
	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// Desk is where the endpoints get tokens: it knows the users with a password of the rules that issue.
type Desk struct{ driver *driver }

// InstalledDesk is the desk of the driver that Register put into the host; false where there is none yet.
func InstalledDesk() (*Desk, bool) {
	d := installed.Load()
	return &Desk{d}, d != nil
}

// DeskOf is the desk of a factory that NewFactory made.
func DeskOf(f auth.IAuthFactory) *Desk { return &Desk{f.(*factory).driver} }

// Account is a user who may have tokens of the gateway.
type Account struct {
	driver   *driver
	rule     *rule
	user     *application.UserInfo
	password keys.Secret
}

// setPasswords notes the password hashes of an application's users under a rule, by name.
func (g *registry) setPasswords(ruleID, appID string, passwords map[string]keys.Secret) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.bindings[ruleID]; ok {
		b.setPasswords(appID, passwords)
	}
}

// issuing are the bindings of the application's rules that issue, in the rules' order; false where the application is
// not known.
func (g *registry) issuing(appID string) ([]*binding, bool) {
	r, known := g.rounds[appID]
	if !known {
		return nil, false
	}
	var list []*binding
	for id := range r.rules {
		if b, ok := g.bindings[id]; ok && b.rule.issue != nil {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, byOrder)
	return list, true
}

// at calls do with the rules that issue for the application, given by its name or ID, under the registry's lock.
func (k *Desk) at(app string, do func(appID string, issuing []*binding)) {
	g := k.driver.registry
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, id := range []string{appName(app) + appSuffix, app} {
		if list, known := g.issuing(id); known {
			do(id, list)
			return
		}
	}
}

// account is the user of the application who has this name and this password under the rule.
func (b *binding) account(d *driver, appID, name string, password keys.Secret) (*Account, bool) {
	user, ok := b.users.Load(name)
	if !ok || user.App.Id() != appID {
		return nil, false
	}
	return &Account{d, b.rule, user, password}, true
}

// Account finds a user of the application, which is given by name ("shop") or ID ("shop@app"). Where several rules have
// the name, the first in the rules' order counts.
func (k *Desk) Account(app, user string) (found *Account, ok bool) {
	k.at(app, func(appID string, issuing []*binding) {
		for _, b := range issuing {
			if password, has := b.passwords[appID][user]; has && !ok {
				found, ok = b.account(k.driver, appID, user, password)
			}
		}
	})
	return found, ok
}

// Sole is the application's one user with a password; false where it has none, or several.
func (k *Desk) Sole(app string) (sole *Account, ok bool) {
	k.at(app, func(appID string, issuing []*binding) {
		for _, b := range issuing {
			for name, password := range b.passwords[appID] {
				a, has := b.account(k.driver, appID, name, password)
				switch {
				case !has:
				case sole == nil:
					sole, ok = a, true
				case sole.user.Name != name:
					ok = false
					return
				}
			}
		}
	})
	return sole, ok
}

// PasswordCost is the bcrypt cost of the application's passwords, the greatest where they differ; 0 where it has none.
func (k *Desk) PasswordCost(app string) (most int) {
	k.at(app, func(appID string, issuing []*binding) {
		for _, b := range issuing {
			for _, password := range b.passwords[appID] {
				if cost, err := bcrypt.Cost([]byte(password.Reveal())); err == nil {
					most = max(most, cost)
				}
			}
		}
	})
	return most
}

// Keys are the public keys of all rules that issue with key pairs, each once.
func (k *Desk) Keys() *keys.Set {
	g := k.driver.registry
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []*binding
	for _, b := range g.bindings {
		if b.rule.issue != nil && b.rule.issue.key.Algorithm().Kind() != keys.KindSecret {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, byOrder)
	var published []*keys.Key
	for _, b := range list {
		published = b.rule.publish(published)
	}
	return keys.NewSet(published...)
}

// publish adds the rule's keys: the one that signs, then those that it verifies with beside, which it may have signed
// with before.
func (r *rule) publish(list []*keys.Key) []*keys.Key {
	own := r.issue.key.Verifier()
	for _, key := range append([]*keys.Key{own}, r.source.set.Keys()...) {
		if !slices.ContainsFunc(list, func(k *keys.Key) bool { return k.Thumbprint() == key.Thumbprint() }) {
			list = append(list, key)
		}
	}
	return list
}

// Verify tells whose token this is, of those that the desk has made and that would be accepted now. The time of its
// expiry is honoured whatever the rule says of it.
func (k *Desk) Verify(raw string, now time.Time) (*token.Verified, *Account, bool) {
	u, err := token.Parse(raw)
	if err != nil {
		return nil, nil, false
	}
	client := gjson.Get(u.UntrustedPayload(), "client_id")
	if client.Type != gjson.String {
		return nil, nil, false
	}
	var rules []*rule
	k.at(client.Str, func(_ string, issuing []*binding) {
		for _, b := range issuing {
			rules = append(rules, b.rule)
		}
	})
	for _, r := range rules {
		if v, err := u.Verify(r.source.set); err == nil {
			return k.owner(v, client.Str, r, now)
		}
	}
	return nil, nil, false
}

// owner is the account that a token of the rule was made for.
func (k *Desk) owner(v *token.Verified, client string, r *rule, now time.Time) (*token.Verified, *Account, bool) {
	name, err := r.nameIn(v)
	if err != nil || r.expected.Check(v, now) != nil || (&token.Expected{Exp: token.Require}).CheckTime(v, now) != nil {
		return nil, nil, false
	}
	a, ok := k.Account(client, name)
	if !ok || a.rule != r {
		return nil, nil, false
	}
	return v, a, true
}

// Ended tells whether a token that was verified has been ended early, or its user may not come in any more.
func (k *Desk) Ended(v *token.Verified, a *Account, now time.Time) bool {
	return standing(a.user, now) != token.Accepted || k.driver.revocations.judge(v, a.user, a.rule, now) != token.Accepted
}

// Watch puts a store in force for as long as the process lives: tokens that it has ended are refused from now on.
func (k *Desk) Watch(store Revocations) { k.driver.revocations.add(store) }

// Format prints the account without its password.
func (a Account) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%q of %q", a.user.Name, a.user.App.Id())
}

// App is the application's name, the "client_id".
func (a *Account) App() string { return appName(a.user.App.Id()) }

// User is the user's name.
func (a *Account) User() string { return a.user.Name }

// Password is the bcrypt hash of the user's password.
func (a *Account) Password() keys.Secret { return a.password }

// Usable tells whether the user may have tokens now: the application is enabled, and the user has not expired.
func (a *Account) Usable(now time.Time) bool { return standing(a.user, now) == token.Accepted }

// EndedSince tells whether the user's tokens that were issued at this time have been ended since.
func (a *Account) EndedSince(issued, now time.Time) bool {
	l := a.driver.revocations.look(now)
	return l != nil && l.cutoffs.endAt(a.user, true, float64(issued.Unix()))
}

// Mint makes an access token with this "jti", and tells how long it lives. It is put to the rule before it is given out.
func (a *Account) Mint(id string, now time.Time) (string, time.Duration, error) {
	i := a.rule.issue
	raw, err := i.sign(a.rule, a.user.Name, a.App(), id, now)
	if err == nil {
		err = a.rule.recognise(raw, a.user.Name, &a.rule.expected, now)
	}
	return raw, i.access, err
}

// Scope is the "scope" that the rule gives to every token; empty where it gives none.
func (a *Account) Scope() string { return a.rule.issue.scope }

// AccessTTL is how long access tokens live.
func (a *Account) AccessTTL() time.Duration { return a.rule.issue.access }

// RefreshTTL is how long refresh tokens live; 0: the rule gives none.
func (a *Account) RefreshTTL() time.Duration { return a.rule.issue.refreshs }

// RefreshKey authenticates the user's refresh tokens. It changes with the rule's signing key and with the password, so
// that a change of either ends them.
func (a *Account) RefreshKey() []byte {
	digest := hmac.New(sha256.New, a.rule.issue.refresh)
	digest.Write([]byte(a.user.App.Id() + "\x00" + a.user.Name + "\x00" + a.password.Reveal()))
	return digest.Sum(nil)
}
