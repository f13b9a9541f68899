// Package registry has the rules and users in force in a process (registry.go, binding.go), and the indexes by which requests
// find them: by location, algorithm, issuer and key ID (index.go, candidatelist.go), and by user (userindex.go). The types that
// an index consists of name each other, so they stand in one file (location.go). What the host saves arrives in a
// reconfiguration (reconfiguration.go). Requests read without a lock.
//
// What the registry, a binding and a group do for one subject stands with the subject, though its file then names theirs:
// users who are not listed (anyuser.go), keys of clients (clientkeys.go), and users of too many rules (crowd.go).
package registry

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// Registry is the rules in force in this process. Writers take the lock; requests read the index alone, without one.
type Registry struct {
	mu               sync.Mutex
	bindings         map[string]*Binding         // by rule ID
	reconfigurations map[string]*reconfiguration // by application ID
	index            *index
	count            int                   // of the users in all bindings
	anyRules         map[string][]*Binding // rules that take any user, by what may have signed their tokens
	Silent           bool                  // Logs nothing: the process serves no requests, and another one says the same.
	checks           uint64                // that there were
	idle             []string              // applications whose reconfigurations began lately, the latest last, with rules by now or not
	// generation changes with everything that may change a request's result: before and after it.
	generation atomic.Uint64
	// Signers are the keys that tokens are signed with.
	Signers *issuance.Signers
	// Saves has Check refuse what a stored configuration may have and a new one must not: the process saves them.
	Saves bool
	// crowdedLog is what the log has said of rules that are too many for one request.
	crowdedLog CrowdedLog
	now        func() time.Time
}

// maxIdle bounds the applications that are remembered for having been checked, though they never came to be.
const maxIdle = 1000

// New makes an empty registry, whose key sets the pool fetches.
func New(pool *remote.Pool, now func() time.Time) *Registry {
	g := &Registry{bindings: make(map[string]*Binding), reconfigurations: make(map[string]*reconfiguration), anyRules: make(map[string][]*Binding), Signers: issuance.NewSigners(), now: now}
	g.index = newIndex(pool, func() { g.generation.Add(2) })
	return g
}

// Check reports whether the application may bind these users under the rule, and any other too, and notes that it is about
// to. The number is for Set.
func (g *Registry) Check(r *rule.Rule, appID string, names []string, anyUser bool, from rule.Origin) (number uint64, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.bindings[r.ID]; ok {
		if err := b.check(appID, names); err != nil {
			return 0, err
		}
	}
	if g.Saves && from == rule.Saved { // the process that saves loads what is stored, too
		if err := g.checkKeyID(r, appID); err != nil {
			return 0, err
		}
		if anyUser {
			if err := g.checkAny(r, appID); err != nil {
				return 0, err
			}
		}
	}
	g.checks++
	g.reconfigurationOf(appID).recordCheck(r.ID, g.checks)
	return g.checks, nil
}

// checkKeyID reports whether the rule's signing key has a key ID that no other application's key has: who verifies by
// the published keys could not tell them apart.
func (g *Registry) checkKeyID(r *rule.Rule, appID string) error {
	for _, id := range g.Signers.Rivals(r) {
		for other := range g.bindings[id].apps {
			if other != appID {
				return fmt.Errorf("%w: config.issue.kid: %q is the ID of another key, that application %q signs with; choose another ID",
					rule.ErrConfig, printable.Text(r.Issue.Key.ID()), other)
			}
		}
	}
	return nil
}

// Saved are the users of an application under a rule, as they were saved.
type Saved struct {
	Users     []*application.UserInfo
	Any       *application.UserInfo  // Who stands for all others, without a name; nil if nobody does.
	Passwords map[string]keys.Secret // Hashes, by the users' names.
	// ClientKeys are the sources of the users' keys, by their names.
	ClientKeys map[string]*rule.KeySource
	Warnings   []string
}

// Set binds the application's users under the rule, which was checked under this number. When this is the first rule of a
// new configuration of the application, its rules that the configuration no longer has are dropped: the host forgets to
// say so (see reconfiguration).
func (g *Registry) Set(r *rule.Rule, appID string, number uint64, of Saved) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.generation.Add(1)
	defer g.generation.Add(1)
	// The reconfiguration first and what is lost in any case, so that whatever happens here no rule stays that Delete does not find.
	lost := g.reconfigurationOf(appID).bind(r.ID, number)
	defer func() {
		for _, id := range lost {
			g.drop(id, appID)
		}
	}()
	b, ok := g.bindings[r.ID]
	if !ok {
		b = newBinding(r)
		g.bindings[r.ID] = b
		g.Signers.Begin(r)
	}
	if _, known := b.apps[appID]; !known {
		g.tell(appID, r)
	}
	before := b.size()
	b.set(appID, of.Users, of.Any)
	g.count += b.size() - before
	g.noteAny(b)
	g.tellOfRival(b, appID)
	b.setPasswords(appID, of.Passwords)
	g.setClientKeys(b, appID, of.ClientKeys)
	g.setWarnings(b, appID, of.Warnings)
	if !ok {
		g.index.add(b)
	}
}

// tell logs what is wrong with a rule that the application has not had before.
func (g *Registry) tell(appID string, r *rule.Rule) {
	if g.Silent {
		return
	}
	for _, fault := range r.Aside {
		log.Errorf("[jwt] application %s: the entry (%s) is set aside and accepts no token: %s", appID, r.Entry, fault)
	}
	for _, warning := range r.Warnings {
		log.Warnf("[jwt] application %s: the entry (%s): %s", appID, r.Entry, warning)
	}
}

// Delete ends the application's use of all its rules.
func (g *Registry) Delete(appID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.reconfigurations[appID]
	if !ok {
		return
	}
	g.generation.Add(1)
	defer g.generation.Add(1)
	for _, id := range r.all() {
		g.drop(id, appID)
	}
	delete(g.reconfigurations, appID)
}

// drop takes the application out of the rule, and the rule out of the index with its last application.
func (g *Registry) drop(ruleID, appID string) {
	b, ok := g.bindings[ruleID]
	if !ok {
		return
	}
	before := b.size()
	b.drop(appID)
	g.count -= before - b.size()
	g.noteAny(b)
	if len(b.apps) == 0 {
		b.live.Store(false)
		delete(g.bindings, ruleID)
		g.Signers.End(b.Rule, g.now())
		g.index.remove(b)
	}
}

// reconfigurationOf returns the application's, creating it if missing.
func (g *Registry) reconfigurationOf(appID string) *reconfiguration {
	r, ok := g.reconfigurations[appID]
	if ok {
		return r
	}
	if len(g.idle) == maxIdle { // the oldest goes before the new one comes: it may be of the same name
		if oldest := g.reconfigurations[g.idle[0]]; oldest != nil && len(oldest.rules) == 0 {
			delete(g.reconfigurations, g.idle[0])
		}
		g.idle = slices.Delete(g.idle, 0, 1)
	}
	r = newReconfiguration()
	g.reconfigurations[appID] = r
	g.idle = append(g.idle, appID)
	return r
}

// Settled waits for a change that is going on, and reports whether there was one since the generation.
func (g *Registry) Settled(since uint64) (changed bool) {
	if g.generation.Load() == since && since%2 == 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return true
}

// Users is how many users all rules have, and at least 1 while there is a rule.
func (g *Registry) Users() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.count, min(len(g.bindings), 1))
}

// Size is how many rules are in force and how many users they have.
func (g *Registry) Size() (rules, users int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, b := range g.bindings {
		if b.Rule.InForce() {
			rules++
		}
	}
	return rules, g.count
}

// Generation changes with everything that may change a request's result: before and after it.
func (g *Registry) Generation() uint64 { return g.generation.Load() }

// Locations are the places that any rule looks at, in the order in which they are looked at. Another list has another
// address.
func (g *Registry) Locations() *[]*LocationIndex { return g.index.places.Load() }

// Issuing calls do with the application's rules that issue, in their order, under the registry's lock. It does nothing if
// the application is not known.
func (g *Registry) Issuing(appID string, do func(issuing []*Binding)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, known := g.reconfigurations[appID]
	if !known {
		return
	}
	var list []*Binding
	for id := range r.rules {
		if b, ok := g.bindings[id]; ok && b.Rule.Issue != nil {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, ByOrder)
	do(list)
}

// setWarnings notes the warnings about an application's users under a rule, and logs those that are new.
func (g *Registry) setWarnings(b *Binding, appID string, warnings []string) {
	for _, text := range warnings {
		if !g.Silent && !slices.Contains(b.warnings[appID], text) {
			log.Warnf("[jwt] application %s: the entry (%s): %s", appID, b.Rule.Entry, text)
		}
	}
	if b.warnings == nil {
		b.warnings = make(map[string][]string)
	}
	b.warnings[appID] = warnings
}
