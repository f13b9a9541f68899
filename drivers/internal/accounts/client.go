package accounts

import (
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
)

// ClientKeys are the keys by which a user proves to be itself.
type ClientKeys = registry.ClientKeys

// Client finds a user of the application who has keys, and the keys. Without a name it is the one user that has some. If
// several rules have the name, the first in the rules' order counts.
func (k *Accounts) Client(app, user string) (found *Account, its *ClientKeys, ok bool) {
	k.at(app, func(appID string, issuing []*registry.Binding) {
		if user == "" {
			user = onlyClient(appID, issuing)
		}
		for _, b := range issuing {
			if its = b.ClientKeys(appID)[user]; its == nil {
				continue
			}
			if found, ok = k.accountOf(b, appID, user, b.Passwords(appID)[user]); ok {
				return
			}
		}
	})
	return found, its, ok
}

// onlyClient returns the name of the application's one user with keys; empty if it has none, or several.
func onlyClient(appID string, issuing []*registry.Binding) (only string) {
	for _, b := range issuing {
		for name := range b.ClientKeys(appID) {
			if only != "" && only != name {
				return ""
			}
			only = name
		}
	}
	return only
}

// clientUnder is the user of the application who has keys under this rule.
func (k *Accounts) clientUnder(r *rule.Rule, app, user string) (found *Account, ok bool) {
	k.at(app, func(appID string, issuing []*registry.Binding) {
		for _, b := range issuing {
			if b.Rule == r && b.ClientKeys(appID)[user] != nil {
				found, ok = k.accountOf(b, appID, user, b.Passwords(appID)[user])
			}
		}
	})
	return found, ok
}
