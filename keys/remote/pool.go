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

	mu       sync.Mutex
	fetchers map[Config]siblings // by Config.trust
}

// siblings are the fetchers that ask the same server, each on a schedule of its own, by Config.shared.
type siblings map[Config]*fetcher

// NewPool makes a pool that fetches nothing yet.
func NewPool(options Options) *Pool {
	return &Pool{options: options.withDefaults(), fetchers: make(map[Config]siblings)}
}

// Acquire begins the use of a key set, until Source.Release. The first user of a set starts its fetching; whatever there is
// on disk, or in a fetcher that differs in its schedule only, is in the set when Acquire returns.
//
// onChange, where it is not nil, is called after each change of the set that comes later, and may be called before Acquire
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
	f := p.fetcher(c)
	s := &Source{pool: p, fetcher: f, want: want{issuer: c.Issuer, algorithms: c.Algorithms}, onChange: onChange}
	f.join(s)
	p.mu.Unlock()
	f.begin.Do(f.start)
	return s, nil
}

// fetcher is the fetcher of a configuration, made where there is none. A new one takes over the set of a sibling, as when
// an application's refresh interval is changed.
func (p *Pool) fetcher(c Config) *fetcher {
	group := p.fetchers[c.trust()]
	if f, ok := group[c.shared()]; ok {
		return f
	}
	f := newFetcher(p, c.shared())
	for _, sibling := range group {
		f.inherit(sibling)
		break
	}
	if group == nil {
		group = make(siblings)
		p.fetchers[c.trust()] = group
	}
	group[c.shared()] = f
	return f
}

// release takes a user from its fetcher, and ends a fetcher that has none left.
func (p *Pool) release(s *Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := s.fetcher
	if f.leave(s) > 0 {
		return
	}
	f.stop()
	group := p.fetchers[f.config.trust()]
	delete(group, f.config)
	if len(group) == 0 {
		delete(p.fetchers, f.config.trust())
	}
}
