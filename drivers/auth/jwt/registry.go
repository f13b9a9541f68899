package jwt

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc/log"
	"github.com/puzpuzpuz/xsync/v4"

	"apinto-jwt/keys/remote"
)

// registry is the rules in force in this process. Writers take the lock; requests read the index alone, without one.
type registry struct {
	mu       sync.Mutex
	bindings map[string]*binding // by rule ID
	rounds   map[string]*round   // by application ID
	index    *index
	forced   *xsync.Map[string, *binding] // the same as bindings, to be read without the lock
	idle     []string                     // applications of rounds that were made for a check, the latest last
	// generation changes with everything that may change a request's result: before and after it.
	generation atomic.Uint64
}

// maxIdle bounds the applications that are remembered for having been checked, though they never came to be.
const maxIdle = 1000

// newRegistry makes an empty registry, whose key sets the pool fetches.
func newRegistry(pool *remote.Pool) *registry {
	g := &registry{bindings: make(map[string]*binding), rounds: make(map[string]*round), forced: xsync.NewMap[string, *binding]()}
	g.index = newIndex(pool, func() { g.generation.Add(2) })
	return g
}

// check tells whether the application may bind these users under the rule, and notes that it is about to.
func (g *registry) check(r *rule, appID string, mark any, names []string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.bindings[r.id]; ok {
		if err := b.check(appID, names); err != nil {
			return err
		}
	}
	g.roundOf(appID).announce(r.id, mark)
	return nil
}

// set binds the application's users under the rule. When this is the first rule of a new configuration of the
// application, its rules that the configuration no longer has are dropped: the host forgets to say so (see round).
func (g *registry) set(r *rule, appID string, mark any, users []*application.UserInfo) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.generation.Add(1)
	defer g.generation.Add(1)
	b, ok := g.bindings[r.id]
	if !ok {
		b = newBinding(r)
		g.bindings[r.id] = b
		g.forced.Store(r.id, b)
		for _, warning := range r.warnings {
			log.Warnf("[jwt] application %s: %s", appID, warning)
		}
	}
	b.set(appID, users)
	if !ok {
		g.index.add(b)
	}
	rounds := g.roundOf(appID)
	for _, id := range rounds.bind(r.id, mark) {
		g.drop(id, appID)
	}
}

// del ends the application's use of the rule.
func (g *registry) del(ruleID, appID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.generation.Add(1)
	defer g.generation.Add(1)
	lost, gone := g.roundOf(appID).leave(ruleID)
	for _, id := range lost {
		g.drop(id, appID)
	}
	if gone {
		delete(g.rounds, appID)
	}
}

// drop takes the application out of the rule, and the rule out of the index with its last application.
func (g *registry) drop(ruleID, appID string) {
	b, ok := g.bindings[ruleID]
	if !ok {
		return
	}
	b.drop(appID)
	if len(b.apps) == 0 {
		b.live.Store(false)
		delete(g.bindings, ruleID)
		g.forced.Delete(ruleID)
		g.index.remove(b)
	}
}

// roundOf is the application's round, made where there is none.
func (g *registry) roundOf(appID string) *round {
	r, ok := g.rounds[appID]
	if ok {
		return r
	}
	r = newRound()
	g.rounds[appID] = r
	if g.idle = append(g.idle, appID); len(g.idle) > maxIdle {
		if oldest := g.rounds[g.idle[0]]; oldest != nil && len(oldest.rules) == 0 {
			delete(g.rounds, g.idle[0])
		}
		g.idle = slices.Delete(g.idle, 0, 1)
	}
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

// users is how many users the rule has in all applications.
func (g *registry) users(ruleID string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b, ok := g.bindings[ruleID]; ok {
		return b.users.Size()
	}
	return 0
}

// size is how many rules are in force and how many users they have.
func (g *registry) size() (rules, users int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, b := range g.bindings {
		users += b.users.Size()
	}
	return len(g.bindings), users
}

// inForce is the rule as it is in force, without the lock; nil where it has no application.
func (g *registry) inForce(ruleID string) *binding {
	b, _ := g.forced.Load(ruleID)
	return b
}

// succeeded tells whether the application has used the rule before its present configuration. The host goes on
// asking the authenticator of such a rule for a moment.
func (g *registry) succeeded(ruleID, appID string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.rounds[appID]
	return ok && slices.Contains(r.former, ruleID)
}
