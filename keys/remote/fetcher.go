package remote

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"apinto-jwt/keys"
)

// fetcher keeps one set fresh. Its goroutine alone touches origin and file, and changes current.
type fetcher struct {
	pool    *Pool
	config  Config // Config.shared
	begin   sync.Once
	ctx     context.Context
	stop    context.CancelFunc
	current atomic.Pointer[snapshot]
	demand  demand
	origin  origin
	file    *file

	mu    sync.Mutex
	users map[*Source]struct{}
	state state
}

// state is what there is to tell of the past.
type state struct {
	endpoint    string
	fetches     uint64
	lastFetch   time.Time
	lastSuccess time.Time // of the set that is in use, in another life perhaps
	lastError   string
	failures    int // since the last success
	fromDisk    bool
	warnings    []string
}

// newFetcher makes a fetcher without users that has not started.
func newFetcher(p *Pool, c Config) *fetcher {
	f := &fetcher{pool: p, config: c, users: make(map[*Source]struct{})}
	f.ctx, f.stop = context.WithCancel(context.Background())
	f.demand.init(p.options)
	f.origin = origin{config: c, proxy: p.options.Proxy, timeout: p.options.Timeout, wanted: f.wanted}
	f.file = newFile(p.options.Dir, c)
	f.current.Store(f.snapshot(keys.NewSet(), ""))
	return f
}

// join adds a user.
func (f *fetcher) join(s *Source) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[s] = struct{}{}
}

// leave takes a user away; the result is how many are left.
func (f *fetcher) leave(s *Source) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.users, s)
	return len(f.users)
}

// wanted tells whether a user wants keys of the issuer.
func (f *fetcher) wanted(issuer string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.users {
		if accepts(s.want.issuer, issuer) {
			return true
		}
	}
	return false
}

// start puts in what is on disk and starts the goroutine.
func (f *fetcher) start() {
	f.restore()
	go f.keepRunning()
}

// run fetches the set until the fetcher is stopped.
func (f *fetcher) run() {
	defer f.demand.land()
	for f.sleep() {
		f.refresh()
	}
}

// sleep waits until the set is to be fetched; false when the fetcher is stopped. A set that grows too old meanwhile is
// given up.
func (f *fetcher) sleep() bool {
	for f.ctx.Err() == nil {
		now := f.pool.options.Clock.Now()
		expiry := f.expire(now)
		next := f.demand.due()
		if !now.Before(next) {
			return true
		}
		if !expiry.IsZero() && expiry.Before(next) {
			next = expiry
		}
		c, stop := f.pool.options.Clock.Timer(next.Sub(now))
		select {
		case <-c:
		case <-f.demand.wake:
		case <-f.ctx.Done():
		}
		stop()
	}
	return false
}

// refresh fetches the set once.
func (f *fetcher) refresh() {
	now := f.pool.options.Clock.Now()
	f.demand.takeOff(now)
	f.mu.Lock()
	f.state.lastFetch = now
	f.state.fetches++
	f.mu.Unlock()
	result, err := f.origin.fetch(f.ctx, now)
	if f.ctx.Err() != nil {
		return
	}
	now = f.pool.options.Clock.Now()
	if err != nil {
		f.failed(err, now)
	} else {
		f.succeeded(result, now)
	}
	f.demand.land()
}

// snapshot numbers a set.
func (f *fetcher) snapshot(set *keys.Set, issuer string) *snapshot {
	return &snapshot{set: set, issuer: issuer, generation: f.pool.generation.Add(1)}
}

// inherit takes over the set of another fetcher that asks the same server.
func (f *fetcher) inherit(other *fetcher) {
	other.mu.Lock()
	defer other.mu.Unlock()
	known := other.current.Load()
	f.current.Store(f.snapshot(known.set, known.issuer))
	f.state = other.state
	f.state.failures, f.state.fetches = 0, 0
}

// announce tells the users that the set has changed.
func (f *fetcher) announce() {
	f.mu.Lock()
	users := make([]*Source, 0, len(f.users))
	for s := range f.users {
		users = append(users, s)
	}
	f.mu.Unlock()
	for _, s := range users {
		if s.onChange != nil && !s.released.Load() {
			s.onChange()
		}
	}
}
