package jwttoken

import (
	"fmt"
	"sync"

	"github.com/eolinker/eosc/log"
)

// placement is an endpoint's kind and the store that it names; "" is the process's own.
type placement struct{ endpoint, store string }

// placements are the endpoints of a process by their IDs. They notice endpoints that give out tokens with one store, and
// end them with another, where nobody would look for what was ended.
type placements struct {
	mu   sync.Mutex
	list map[string]placement
}

// counterparts are endpoints that must have the store of another kind.
var counterparts = map[string]string{"token": "revoke", "revoke": "token"}

// put notes an endpoint, and warns if its counterparts have other stores.
func (p *placements) put(id string, placed placement) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.list == nil {
		p.list = make(map[string]placement)
	}
	p.list[id] = placed
	if warning := p.contradiction(placed); warning != "" {
		log.Warnf("[jwt] endpoint %s: %s", id, warning)
	}
}

// contradiction returns the text of a warning; empty if there is none. The lock is held.
func (p *placements) contradiction(placed placement) string {
	kind, elsewhere := counterparts[placed.endpoint], ""
	for _, other := range p.list {
		switch {
		case kind == "" || other.endpoint != kind:
		case other.store == placed.store:
			return ""
		default:
			elsewhere = storeName(other.store)
		}
	}
	if elsewhere == "" {
		return ""
	}
	return fmt.Sprintf("cache: the endpoint %q has the store %s, and no endpoint %q has it, but %s: what is revoked there stays good; name the same one",
		placed.endpoint, storeName(placed.store), kind, elsewhere)
}

// storeName returns the store's name for people.
func storeName(store string) string {
	if store == "" {
		return "of the process"
	}
	return store
}
