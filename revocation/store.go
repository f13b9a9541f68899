package revocation

import (
	"strings"
	"sync/atomic"
	"time"

	"apinto-jwt/token"
)

// Store knows the tokens that an endpoint has ended.
type Store interface {
	// Revoked reports whether the token with this "jti" was ended; it may keep the text. It is asked on every request with a
	// token of a rule that issues, must be quick and must not wait for long. A token that expires at the zero time never
	// does.
	Revoked(id string, expires time.Time) bool
}

// stores are those in force.
type stores struct{ list atomic.Pointer[[]Store] }

// EndedByStore reports whether an endpoint has ended the token.
func (r *List) EndedByStore(v *token.Verified) bool {
	list := r.stores.list.Load()
	if list == nil || v.ID() == "" {
		return false
	}
	var expires time.Time
	if v.Expires().IsSet() {
		expires = v.Expires().Time()
	}
	id := strings.Clone(v.ID()) // the token may be given back
	for _, s := range *list {
		if s.Revoked(id, expires) {
			return true
		}
	}
	return false
}

// Add puts a store in force, for as long as the process lives: what it has ended must stay ended, also when nobody
// issues with it any more.
func (r *List) Add(s Store) {
	for {
		old := r.stores.list.Load()
		var list []Store
		if old != nil {
			list = append(list, *old...)
		}
		list = append(list, s)
		if r.stores.list.CompareAndSwap(old, &list) {
			return
		}
	}
}
