package remote

import (
	"sync"
	"sync/atomic"
)

// Pool fetches key sets, each of them once however many users it has. It is safe for concurrent use.
type Pool struct {
	options    Options
	generation atomic.Uint64
	sweep      sync.Once
	running    sync.WaitGroup // Goroutines of the fetchers.

	mu       sync.Mutex
	fetchers map[Config]*fetcher // by Config.trust
}

// NewPool makes a pool that fetches nothing yet.
func NewPool(options Options) *Pool {
	return &Pool{options: options.withDefaults(), fetchers: make(map[Config]*fetcher)}
}

// Acquire begins the use of a key set, until Source.Release. The first user of a set starts its fetching; whatever there is
// on disk, or with other users of the set, is in it when Acquire returns.
//
// onChange, if it is not nil, is called after each change of the set that comes later, and may be called before Acquire
// returns. It is called by the goroutine that fetches, which it must not hold up. Errors wrap *Fault.
//
// Who moves from one Source to another of the same URL acquires the new one before it releases the old one, so that what is
// known stays known.
func (p *Pool) Acquire(c Config, onChange func()) (*Source, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	p.mu.Lock()
	f, ok := p.fetchers[c.trust()]
	if !ok {
		f = newFetcher(p, c)
		p.fetchers[c.trust()] = f
	}
	s := &Source{
		pool: p, fetcher: f, onChange: onChange, terms: termsOf(c),
		want: want{issuer: c.Issuer, allowHTTP: c.AllowHTTP, algorithms: c.Algorithms},
	}
	f.join(s)
	p.mu.Unlock()
	f.begin.Do(f.start)
	return s, nil
}

// Wait returns when the goroutines of all sets without users have ended: nothing is fetched or written to disk after it. Every
// source must have been released, and none may be acquired meanwhile.
func (p *Pool) Wait() { p.running.Wait() }

// release takes a user from its fetcher, and ends a fetcher that has none left.
func (p *Pool) release(s *Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := s.fetcher
	if f.leave(s) > 0 {
		return
	}
	f.stop()
	delete(p.fetchers, f.config)
}
