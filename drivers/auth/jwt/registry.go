package jwt

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

// registry is the rules in force in this process. Writers take the lock; requests read the index alone, without one.
type registry struct {
	mu       sync.Mutex
	bindings map[string]*binding // by rule ID
	rounds   map[string]*round   // by application ID
	index    *index
	count    int      // of the users in all bindings
	silent   bool     // logs nothing: the process serves no requests, and another one says the same
	checks   uint64   // that there were
	idle     []string // applications whose rounds began lately, the latest last, with rules by now or not
	// generation changes with everything that may change a request's result: before and after it.
	generation atomic.Uint64
	// signers are the keys that tokens are signed with.
	signers *issuance.Signers
	// saves has check refuse what a stored configuration may have and a new one must not: the process saves them.
	saves bool
	// crowdedLog is what the log has said of rules that are too many for one request.
	crowdedLog crowdedLog
	now        func() time.Time
}

// maxIdle bounds the applications that are remembered for having been checked, though they never came to be.
const maxIdle = 1000

// newRegistry makes an empty registry, whose key sets the pool fetches.
func newRegistry(pool *remote.Pool, now func() time.Time) *registry {
	g := &registry{bindings: make(map[string]*binding), rounds: make(map[string]*round), signers: issuance.NewSigners(), now: now}
	g.index = newIndex(pool, func() { g.generation.Add(2) })
	return g
}

// check tells whether the application may bind these users under the rule, and notes that it is about to. The number is
// for set.
func (g *registry) check(r *rule.Rule, appID string, names []string, from rule.Origin) (number uint64, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.bindings[r.ID]; ok {
		if err := b.check(appID, names); err != nil {
			return 0, err
		}
	}
	if g.saves && from == rule.Saved { // the process that saves loads what is stored, too
		if err := g.checkKeyID(r, appID); err != nil {
			return 0, err
		}
	}
	g.checks++
	g.roundOf(appID).announce(r.ID, g.checks)
	return g.checks, nil
}

// checkKeyID reports whether the rule's signing key has a key ID that no other application's key has: who verifies by
// the published keys could not tell them apart.
func (g *registry) checkKeyID(r *rule.Rule, appID string) error {
	for _, id := range g.signers.Rivals(r) {
		for other := range g.bindings[id].apps {
			if other != appID {
				return fmt.Errorf("%w: config.issue.kid: %q is the ID of another key, that application %q signs with; choose another ID",
					ErrConfig, printable.Text(r.Issue.Key.ID()), other)
			}
		}
	}
	return nil
}

// saved are the users of an application under a rule, as they were saved.
type saved struct {
	users     []*application.UserInfo
	passwords map[string]keys.Secret // Hashes, by the users' names.
	warnings  []string
}

// set binds the application's users under the rule, which was checked under this number. When this is the first rule of a
// new configuration of the application, its rules that the configuration no longer has are dropped: the host forgets to
// say so (see round).
func (g *registry) set(r *rule.Rule, appID string, number uint64, of saved) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.generation.Add(1)
	defer g.generation.Add(1)
	// The round first and what is lost in any case, so that whatever happens here no rule stays that del does not find.
	lost := g.roundOf(appID).bind(r.ID, number)
	defer func() {
		for _, id := range lost {
			g.drop(id, appID)
		}
	}()
	b, ok := g.bindings[r.ID]
	if !ok {
		b = newBinding(r)
		g.bindings[r.ID] = b
		g.signers.Begin(r)
	}
	if _, known := b.apps[appID]; !known {
		g.tell(appID, r)
	}
	before := b.users.Size()
	b.set(appID, of.users)
	g.count += b.users.Size() - before
	b.setPasswords(appID, of.passwords)
	g.setWarnings(b, appID, of.warnings)
	if !ok {
		g.index.add(b)
	}
}

// tell logs what is wrong with a rule that the application has not had before.
func (g *registry) tell(appID string, r *rule.Rule) {
	if g.silent {
		return
	}
	for _, fault := range r.Aside {
		log.Errorf("[jwt] application %s: the entry (%s) is set aside and accepts no token: %s", appID, r.Entry, fault)
	}
	for _, warning := range r.Warnings {
		log.Warnf("[jwt] application %s: the entry (%s): %s", appID, r.Entry, warning)
	}
}

// del ends the application's use of all its rules.
func (g *registry) del(appID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.rounds[appID]
	if !ok {
		return
	}
	g.generation.Add(1)
	defer g.generation.Add(1)
	for _, id := range r.all() {
		g.drop(id, appID)
	}
	delete(g.rounds, appID)
}

// drop takes the application out of the rule, and the rule out of the index with its last application.
func (g *registry) drop(ruleID, appID string) {
	b, ok := g.bindings[ruleID]
	if !ok {
		return
	}
	before := b.users.Size()
	b.drop(appID)
	g.count -= before - b.users.Size()
	if len(b.apps) == 0 {
		b.live.Store(false)
		delete(g.bindings, ruleID)
		g.signers.End(b.rule, g.now())
		g.index.remove(b)
	}
}

// roundOf is the application's round, made where there is none.
func (g *registry) roundOf(appID string) *round {
	r, ok := g.rounds[appID]
	if ok {
		return r
	}
	if len(g.idle) == maxIdle { // the oldest goes before the new one comes: it may be of the same name
		if oldest := g.rounds[g.idle[0]]; oldest != nil && len(oldest.rules) == 0 {
			delete(g.rounds, g.idle[0])
		}
		g.idle = slices.Delete(g.idle, 0, 1)
	}
	r = newRound()
	g.rounds[appID] = r
	g.idle = append(g.idle, appID)
	return r
}

// settled waits for a change that is going on, and tells whether there was one since the generation.
func (g *registry) settled(since uint64) (changed bool) {
	if g.generation.Load() == since && since%2 == 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return true
}

// users is how many users all rules have, and at least 1 while there is a rule.
func (g *registry) users() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.count, min(len(g.bindings), 1))
}

// size is how many rules are in force and how many users they have.
func (g *registry) size() (rules, users int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, b := range g.bindings {
		if b.rule.InForce() {
			rules++
		}
	}
	return rules, g.count
}
