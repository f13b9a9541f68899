package authn

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/internal/cache"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// tokenCache holds the tokens that have been verified: parse and signature check are spared when one comes again. Nothing
// else is: time, revocation and the user are looked at on every request.
type tokenCache struct {
	tokens *cache.Cache[*cachedToken]
	seed   maphash.Seed // secret, so that nobody can choose tokens of one number
	once   doorkeeper
	panics *panics.Counter
	// sweeping tells that a sweep is due.
	sweeping atomic.Bool
}

// cachedToken is one verified token.
type cachedToken struct {
	token.Memory
	from     *registry.KeyGroup // Where its key was found.
	decision atomic.Pointer[decision]
	number   uint64        // What it is found by.
	extra    atomic.Uint32 // What its decision takes beyond cachedOverhead, in bytes, as the cache has counted it.
}

// cachedOverhead is what an entry takes beside the token: its own fields and the cache's node, in bytes.
const cachedOverhead = 256

// sweepAfter is how long what cannot be used any more may stay.
const sweepAfter = time.Minute

func newTokenCache(bytes int, stopped *panics.Counter) *tokenCache {
	size := func(m *cachedToken) uint32 { return uint32(m.Size()+cachedOverhead) + m.extra.Load() }       //nolint:gosec // tokens are small
	return &tokenCache{tokens: cache.New(uint64(bytes), size), seed: maphash.MakeSeed(), panics: stopped} //nolint:gosec // not negative
}

// hashed is how much of a token's end its number is computed from, in bytes. Every signature is longer, so that no two
// good tokens end alike; of others no number is kept.
const hashed = 40

// get finds the token if it has been verified before; number is for put, room for what has to be computed.
func (s *tokenCache) get(raw string, room *token.Digest) (m *cachedToken, v *token.Verified, number uint64) {
	if s.tokens == nil {
		return nil, nil, 0
	}
	number = maphash.String(s.seed, raw[max(0, len(raw)-hashed):])
	m, ok := s.tokens.Get(number)
	if !ok {
		return nil, nil, number
	}
	v, ok = m.Recall(raw, room)
	if !ok { // another token of the same number
		return nil, nil, number
	}
	return m, v, number
}

// put keeps a token that was verified with a key of the group, if it has come before: a token that is used once
// would cost more to keep than it saves. The result is nil if it is not kept.
func (s *tokenCache) put(number uint64, v *token.Verified, from *registry.KeyGroup) *cachedToken {
	if s.tokens == nil || !s.once.seen(number) {
		return nil
	}
	m := &cachedToken{Memory: *v.Memorize(), from: from, number: number}
	s.tokens.Put(number, m)
	s.sweepLater(sweepAfter)
	return m
}

// keep keeps the decision with its token, and has the cache count what it takes.
func (s *tokenCache) keep(m *cachedToken, d *decision) {
	extra := d.extra()
	grows := extra > m.extra.Load()
	if grows {
		m.extra.Store(extra)
	}
	m.decision.Store(d)
	if grows {
		s.tokens.Put(m.number, m)
	}
}

// sweepLater drops what is of no more use after a while: tokens that have ended, and those whose rules are gone.
func (s *tokenCache) sweepLater(after time.Duration) {
	if s.tokens == nil || !s.sweeping.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(after, func() {
		defer func() {
			if p := recover(); p != nil { // the next token that is kept has it done again
				s.panics.Stopped("the sweep of the verified tokens")
			}
		}()
		s.sweeping.Store(false)
		s.sweep(time.Now())
		if values, _ := s.tokens.Size(); values > 0 {
			s.sweepLater(after)
		}
	})
}

// sweep drops the tokens that could not be accepted at this time.
func (s *tokenCache) sweep(now time.Time) {
	s.tokens.Sweep(func(m *cachedToken) bool { return m.useful(now) })
}

// useful reports whether the token could still be accepted.
func (m *cachedToken) useful(now time.Time) bool {
	exp := m.Verified().Expires()
	return !m.from.Ended() && (!exp.IsSet() || exp.Time().Add((rule.MaxLeeway+1)*time.Second).After(now))
}

// decision is what the rules said of a token, true within the window as long as the registry does not change.
type decision struct {
	generation uint64
	location   *registry.LocationIndex
	window     token.Window
	counter    *metrics.Counter
	matches    []match
	oneMatch   [1]match // as in an outcome
	// unconditional tells that there is one match, of application app, without effects: only whether that is disabled, and
	// the token revoked by the hashes, is to be asked. It spares most requests a look at the rule and the user, which are
	// seldom in the processor's cache if there are many.
	unconditional bool
	app           application.IApp
}
