package registry

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// anyUsers are the users of a rule who stand for all that are not listed ([rule.AnyUser]), one an application. They are
// changed under the registry's lock; requests read the one that counts without it.
type anyUsers struct {
	byApp map[string]*application.UserInfo
	// counts is the one of the first application, by ID: a stored rule may have several. Nil if there is none.
	counts atomic.Pointer[application.UserInfo]
	noted  bool // The registry has the rule among those that take any user.
}

// takesAny reports whether the rule takes any user.
func (b *Binding) takesAny() bool { return b.anyUsers.counts.Load() != nil }

// setAny gives the application a user who stands for all others, or takes it away for nil.
func (b *Binding) setAny(appID string, user *application.UserInfo) {
	a := &b.anyUsers
	counts := a.counts.Load()
	switch {
	case user != nil:
		if a.byApp == nil {
			a.byApp = make(map[string]*application.UserInfo)
		}
		a.byApp[appID] = user
		if counts == nil || appID <= counts.App.Id() {
			a.counts.Store(user)
		}
	case a.byApp[appID] != nil:
		delete(a.byApp, appID)
		if counts.App.Id() == appID {
			a.counts.Store(a.byApp[a.firstBut("")])
		}
	}
	if (counts == nil) != (a.counts.Load() == nil) {
		b.indexAny()
	}
}

// firstBut is the first application but this one; empty if there is no other.
func (a *anyUsers) firstBut(appID string) (first string) {
	for id := range a.byApp {
		if id != appID && (first == "" || id < first) {
			first = id
		}
	}
	return first
}

// otherThan is an application but this one: the one that counts, or the first of the others; empty if there is no other.
func (a *anyUsers) otherThan(appID string) string {
	if counts := a.counts.Load(); counts != nil && counts.App.Id() != appID {
		return counts.App.Id()
	}
	return a.firstBut(appID)
}

// indexAny notes in the indexes of its groups whether the rule takes any user.
func (b *Binding) indexAny() {
	for _, g := range b.groups {
		if d := g.users.Load(); d != nil {
			noteAny(d, b)
		}
		g.eachCrowd(func(c *Crowd) { noteAny(c, member{b, g}) })
	}
}

// noteAny notes in an index whether the rule takes any user.
func noteAny[T indexed](d *userIndex[T], rule T) {
	if rule.takesAny() {
		d.addAny(rule)
	} else {
		d.removeAny(rule)
	}
}

// AnyUser is who stands for all users that are not listed; nil if nobody does.
func (b *Binding) AnyUser() *application.UserInfo { return b.anyUsers.counts.Load() }

// UserOf finds the user of the name that a verified token has: the listed one, or else a copy of anyUser with the name.
// Fleeting tells that the token's texts may be overwritten when the request has ended. Unlisted tells that the user is not
// listed, and was made for this token.
func (b *Binding) UserOf(v *token.Verified, name string, anyUser *application.UserInfo, fleeting bool) (user *application.UserInfo, unlisted bool, err error) {
	if user, ok := b.users.Load(name); ok {
		return user, false, nil
	}
	if anyUser == nil {
		return nil, false, errUnlisted
	}
	if err := b.Rule.FitSubject(v, name); err != nil {
		return nil, false, err
	}
	own := *anyUser
	if own.Name = name; fleeting {
		own.Name = strings.Clone(name)
	}
	return &own, true, nil
}

// errUnlisted refuses a user whom the rule does not have.
var errUnlisted = &token.Error{Reason: token.UserUnknown, Detail: "the rule has no user of this name", Offset: -1}

// tellOfRival logs whose tokens a stored rule shares with another application.
func (g *Registry) tellOfRival(b *Binding, appID string) {
	if other := g.rival(b.Rule, appID, maxCompared); other != "" && !g.Silent && b.anyUsers.byApp[appID] != nil {
		log.Warnf("[jwt] application %s: the entry (%s): users: %s", appID, b.Rule.Entry, shared(appID, other))
	}
}

// noteAny has the rule among those that take any user if it does.
func (g *Registry) noteAny(b *Binding) {
	now := b.takesAny()
	if now == b.anyUsers.noted {
		return
	}
	b.anyUsers.noted = now
	for _, signer := range b.Rule.Signers() {
		if now {
			g.anyRules[signer] = append(g.anyRules[signer], b)
			continue
		}
		left := slices.DeleteFunc(g.anyRules[signer], func(other *Binding) bool { return other == b })
		if g.anyRules[signer] = left; len(left) == 0 {
			delete(g.anyRules, signer)
		}
	}
}

// maxCompared bounds the rules that a stored one is compared with. There may be many, and nothing is refused then.
const maxCompared = 100

// rival finds another application that takes any user of tokens that the rule would take, among so many rules; empty if there
// is none.
func (g *Registry) rival(r *rule.Rule, appID string, most int) (other string) {
	for _, signer := range r.Signers() {
		for _, b := range g.anyRules[signer] {
			if most--; most < 0 {
				return ""
			}
			if b.Rule.ID != r.ID && !b.Rule.Overlaps(r) {
				continue
			}
			if other := b.anyUsers.otherThan(appID); other != "" {
				return other
			}
		}
	}
	return ""
}

// checkAny reports whether the application may take any user of the rule's tokens: no other does, as it would be left to chance
// whose a token is.
func (g *Registry) checkAny(r *rule.Rule, appID string) error {
	if other := g.rival(r, appID, math.MaxInt); other != "" {
		return fmt.Errorf("%w: users: %s", ErrUser, shared(appID, other))
	}
	return nil
}

// shared says that two applications take any user of the same tokens, with the remedy.
func shared(appID, other string) string {
	return fmt.Sprintf("application %q would take every user (%q) of tokens of which application %q takes every user already: "+
		"list the users in one of them, or tell their tokens apart by config.audience, config.required_claims, config.iss, config.token_type, or by position and token_name",
		appID, rule.AnyUser, other)
}
