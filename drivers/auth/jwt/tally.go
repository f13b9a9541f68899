package jwt

import (
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"apinto-jwt/token"
)

// maxTallies bounds the counters of a process; what comes beyond is counted without application and key ID.
const maxTallies = 100_000

// tallyKey is what requests are counted by. Application and key ID are known only of tokens whose signature has been
// verified: before that a stranger could choose them. The application of a refused token is the one whose rule refused
// it; it is empty where several applications have that rule, or several rules refuse it alike.
type tallyKey struct {
	reason      token.Reason
	application string
	keyID       string
}

// tally is one counter with the time of its last count.
type tally struct {
	count atomic.Uint64
	last  atomic.Int64 // unix seconds
}

// tallies count what requests came to.
type tallies struct {
	all *xsync.Map[tallyKey, *tally]
	// plain are those of all that were refused before a signature was verified, by reason, once they are there.
	plain [token.ReasonCount]atomic.Pointer[tally]
}

func newTallies() *tallies { return &tallies{all: xsync.NewMap[tallyKey, *tally]()} }

// count counts a request.
func (t *tallies) count(r *resolution) {
	one := r.tally
	if one == nil {
		one = t.of(r)
	}
	one.count.Add(1)
	if seconds := r.now.Unix(); one.last.Load() != seconds { // a second's first writer is enough
		one.last.Store(seconds)
	}
}

// of is the counter that the request belongs to.
func (t *tallies) of(r *resolution) *tally {
	key := tallyKey{reason: r.reason}
	m := r.best()
	switch {
	case m.user != nil:
		key.application, key.keyID = m.user.App.Id(), r.verified.Key().ID()
	case r.refuser.key != nil:
		if key.keyID = r.refuser.key.ID(); r.refuser.binding == nil {
			return t.get(key)
		}
		m.binding = r.refuser.binding
		key.application = m.binding.owner()
	default:
		one := t.plain[r.reason].Load()
		if one == nil {
			one = t.get(key)
			t.plain[r.reason].Store(one)
		}
		return one
	}
	last := m.binding.tallied.Load()
	if last == nil || last.key != key {
		last = &tallied{key, t.get(key)}
		m.binding.tallied.Store(last)
	}
	return last.tally
}

// tallied is a counter that was used last.
type tallied struct {
	key   tallyKey
	tally *tally
}

// get is the key's counter, made where there is none.
func (t *tallies) get(key tallyKey) *tally {
	one, ok := t.all.Load(key)
	if !ok {
		if t.all.Size() >= maxTallies {
			key.application, key.keyID = "", ""
		}
		one, _ = t.all.LoadOrCompute(key, func() (*tally, bool) { return new(tally), false })
	}
	return one
}
