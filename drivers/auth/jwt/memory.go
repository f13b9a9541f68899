package jwt

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/internal/cache"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// memories are the tokens that have been verified: parse and signature check are spared when one comes again. Nothing
// else is: time, revocation and the user are looked at on every request.
type memories struct {
	cache *cache.Cache[*memory]
	seed  maphash.Seed // secret, so that nobody can choose tokens of one number
	once  doorkeeper
	// sweeping tells that a sweep is due.
	sweeping atomic.Bool
}

// memory is one verified token.
type memory struct {
	token.Memory
	from    *registry.KeyGroup // where its key was found
	verdict atomic.Pointer[verdict]
}

// verdict is what the rules said of a token, true within the window as long as the registry does not change.
type verdict struct {
	generation uint64
	shelf      *registry.LocationIndex
	window     token.Window
	counter    *metrics.Counter
	matches    []match
	oneMatch   [1]match // as in a resolution
	// simple tells that there is one match, of application app, and nothing to do and to ask but whether that is disabled
	// and the token revoked. It spares most requests a look at the rule and the user, which are seldom in the processor's
	// cache where there are many.
	simple bool
	app    application.IApp
}

// verdict is what the rules have just said of an accepted token.
func (r *resolution) verdict(s *registry.LocationIndex) *verdict {
	v := &verdict{generation: r.generation, shelf: s, counter: r.counter, window: token.Always}
	v.matches = append(v.oneMatch[:0], r.matches...)
	for _, m := range r.matches {
		v.window = v.window.And(m.binding.Rule.Expected.Window(r.verified))
		if m.user.Expire != 0 {
			v.window = v.window.Until(m.user.Expire)
		}
	}
	m := r.best()
	v.simple = len(r.matches) == 1 && !m.binding.WritesLabels && !m.hides() && m.binding.Rule.Issue == nil && len(m.binding.Rule.Locations) == 1
	v.app = m.user.App
	return v
}

// memoryOverhead is what an entry takes beside the token: its own fields and the cache's node, in bytes.
const memoryOverhead = 256

// sweepAfter is how long what cannot be used any more may stay.
const sweepAfter = time.Minute

func newMemories(bytes int) *memories {
	size := func(m *memory) uint32 { return uint32(m.Size() + memoryOverhead) }       //nolint:gosec // tokens are small
	return &memories{cache: cache.New(uint64(bytes), size), seed: maphash.MakeSeed()} //nolint:gosec // not negative
}

// hashed is how much of a token's end its number is computed from, in bytes. Every signature is longer, so that no two
// good tokens end alike; of others no number is kept.
const hashed = 40

// recall finds the token if it has been verified before; number is for remember, room for what has to be computed.
func (s *memories) recall(raw string, room *token.Digest) (m *memory, v *token.Verified, number uint64) {
	if s.cache == nil {
		return nil, nil, 0
	}
	number = maphash.String(s.seed, raw[max(0, len(raw)-hashed):])
	m, ok := s.cache.Get(number)
	if !ok {
		return nil, nil, number
	}
	v, ok = m.Recall(raw, room)
	if !ok { // another token of the same number
		return nil, nil, number
	}
	return m, v, number
}

// remember keeps a token that was verified with a key of the group, if it has come before: a token that is used once
// would cost more to keep than it saves. The result is nil where it was not kept.
func (s *memories) remember(number uint64, v *token.Verified, from *registry.KeyGroup) *memory {
	if s.cache == nil || !s.once.seen(number) {
		return nil
	}
	m := &memory{Memory: *v.Memorize(), from: from}
	s.cache.Put(number, m)
	s.sweepLater(sweepAfter)
	return m
}

// sweepLater drops what is of no more use after a while: tokens that have ended, and those whose rules are gone.
func (s *memories) sweepLater(after time.Duration) {
	if s.cache == nil || !s.sweeping.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(after, func() {
		defer guardWork("the sweep of the verified tokens") // the next token that is kept has it done again
		s.sweeping.Store(false)
		now := time.Now()
		s.cache.Sweep(func(m *memory) bool { return m.useful(now) })
		if values, _ := s.cache.Size(); values > 0 {
			s.sweepLater(after)
		}
	})
}

// useful tells whether the token could still be accepted.
func (m *memory) useful(now time.Time) bool {
	exp := m.Verified().Expires()
	return !m.from.Ended() && (!exp.IsSet() || exp.Time().Add((rule.MaxLeeway+1)*time.Second).After(now))
}

// doorkeeper knows roughly which numbers have come lately: each row holds 16 bits of each of the last four that fell into
// it, the latest lowest.
type doorkeeper [1 << 12]atomic.Uint64

// seen tells whether the number has come before, and notes it. One in 16,000 that has not is taken for one that has.
func (d *doorkeeper) seen(number uint64) bool {
	const tag, ways = 16, 4
	row := &d[number%uint64(len(d))]
	last, own := row.Load(), max(1, number>>(64-tag))
	for i := range ways {
		if last>>(i*tag)&(1<<tag-1) == own {
			return true
		}
	}
	latest, goes := last&(1<<tag-1), tag*(1+number>>32%(ways-1)) // one of the older ones goes
	row.Store(last&^(1<<tag-1)&^((1<<tag-1)<<goes) | latest<<goes | own)
	return false
}
