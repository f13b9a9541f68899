package upstreamtoken

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"apinto-jwt/internal/cache"
	"apinto-jwt/keys"
)

// Cache holds the tokens that were made lately, those of all upstreams.
type Cache struct {
	entries  *cache.Cache[*entry]
	panicked func(place string) // Counts a panic of the sweep.
	sweeping atomic.Bool        // A sweep is due.
}

// entry is a token that was made; one without a value could not be made.
type entry struct {
	minter                uint64
	payload, user, client string // of whom it was made for
	value                 string
	life                  span
	renewing              atomic.Bool // A request makes the next one.
}

// entryOverhead is what an entry takes beside its texts, in bytes: its own fields, the cache's node, the allocator's share.
const entryOverhead = 320

// sweepAfter is how long what has ended may stay.
const sweepAfter = time.Minute

// NewCache makes a cache of at most so many bytes; 0 keeps nothing. Panicked is told of a panic in work that goes on by itself.
func NewCache(bytes uint64, panicked func(place string)) *Cache {
	size := func(e *entry) uint32 {
		return uint32(len(e.payload) + len(e.user) + len(e.client) + len(e.value) + entryOverhead) //nolint:gosec // tokens are small
	}
	return &Cache{entries: cache.New(bytes, size), panicked: panicked}
}

// Minter makes the tokens for one upstream, and has the cache's. It is immutable and for concurrent use.
type Minter struct {
	terms   Terms
	id      uint64 // tells its entries from others'
	seed    maphash.Seed
	signing singleflight.Group
	sign    func(a Accepted, now time.Time) (value string, life span, err error)
}

// minters counts those that were made.
var minters atomic.Uint64

// NewMinter makes one.
func NewMinter(terms Terms) *Minter {
	return &Minter{terms: terms, id: minters.Add(1), seed: maphash.MakeSeed(), sign: terms.sign}
}

// Verifier returns the key that verifies the tokens.
func (m *Minter) Verifier() *keys.Key { return m.terms.Key.Verifier() }

// Lifetime returns how long a token lives at most.
func (m *Minter) Lifetime() time.Duration { return m.terms.Lifetime }

// Value returns the value of the header for whom the gateway has accepted; "" if no token can be made for him. A token that is
// known is neither made nor looked into again. The payload and the user say all that a token is made of, so that nothing is
// asked of the client's signature.
func (m *Minter) Value(c *Cache, a Accepted, now time.Time) string {
	payload := a.Token.Payload()
	number := maphash.String(m.seed, payload) ^ maphash.String(m.seed, a.Client)
	known, ok := c.entries.Get(number)
	if ok = ok && known.of(m, payload, a); ok && known.usable(now) {
		return known.value
	}
	return m.make(c, number, strings.Clone(payload), a, now)
}

// of reports whether the entry was made for whom the gateway has accepted now.
func (e *entry) of(m *Minter, payload string, a Accepted) bool {
	return e.minter == m.id && e.payload == payload && e.user == a.User && e.client == a.Client
}

// usable reports whether the token is to be used. If a new one would live longer one request makes it, and others use what is
// there as long as some of its life is left.
func (e *entry) usable(now time.Time) bool {
	second := now.Unix()
	return second < e.life.renew || second < e.life.late && !e.renewing.CompareAndSwap(false, true)
}

// make makes a token, once for all who wait for the same one. Signing holds up nobody else.
func (m *Minter) make(c *Cache, number uint64, payload string, a Accepted, now time.Time) string {
	value, _, _ := m.signing.Do(a.Client+"\x00"+a.User+"\x00"+payload, func() (any, error) {
		if known, ok := c.entries.Get(number); ok && known.of(m, payload, a) && now.Unix() < known.life.renew {
			return known.value, nil // it was made in the meantime
		}
		e := &entry{minter: m.id, payload: payload, user: strings.Clone(a.User), client: a.Client}
		e.value, e.life, _ = m.sign(a, now)
		c.entries.Put(number, e)
		c.sweepLater()
		return e.value, nil
	})
	return value.(string)
}

// sweepLater drops tokens that have ended, after a while.
func (c *Cache) sweepLater() {
	if c.entries == nil || !c.sweeping.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(sweepAfter, func() {
		defer func() {
			if p := recover(); p != nil { // the next token has it done again
				c.panicked("the sweep of the upstreams' tokens")
			}
		}()
		c.sweeping.Store(false)
		c.Sweep(time.Now())
		if tokens, _ := c.Size(); tokens > 0 {
			c.sweepLater()
		}
	})
}

// Sweep drops the tokens that have ended.
func (c *Cache) Sweep(now time.Time) {
	c.entries.Sweep(func(e *entry) bool { return now.Unix() < e.life.end })
}

// Size returns how many tokens there are, and the bytes that they take.
func (c *Cache) Size() (tokens int, bytes uint64) { return c.entries.Size() }
