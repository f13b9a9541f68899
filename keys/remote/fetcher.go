package remote

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/diskcache"
	"apinto-jwt/keys/remote/internal/origin"
)

// fetcher keeps one set fresh. Its goroutine alone touches origin and file.
type fetcher struct {
	pool    *Pool
	config  Config // Config.trust
	begin   sync.Once
	ctx     context.Context
	stop    context.CancelFunc
	current atomic.Pointer[snapshot] // is changed under mu
	demand  demand
	origin  *origin.Origin
	file    *diskcache.File // nil if nothing is kept on disk
	told    uint64          // the generation that the users have been told of

	mu    sync.Mutex
	users map[*Source]struct{}
	terms terms
	state state
	aside []edition // what was given up for its age, and comes back if that may be greater
}

// state holds the history that Status tells.
type state struct {
	endpoint    string
	fetches     uint64
	lastFetch   time.Time
	lastSuccess time.Time        // of the set that is in use, in another life perhaps
	fresh       origin.Freshness // of its answer
	lastError   string
	failures    int // since the last success
	fromDisk    bool
	diskError   string
	warnings    []string
}

// newFetcher makes a fetcher without users that has not started.
func newFetcher(p *Pool, c Config) *fetcher {
	f := &fetcher{pool: p, config: c.trust(), users: make(map[*Source]struct{})}
	f.ctx, f.stop = context.WithCancel(context.Background())
	f.demand.init(p.options)
	f.origin = origin.New(origin.Config{
		URL: c.URL, CA: c.CA, CAFile: c.CAFile,
		Proxy: p.options.Proxy, Timeout: p.options.Timeout, Wanted: f.wanted,
	})
	if p.options.Dir != "" {
		f.file = diskcache.New(p.options.Dir, c.URL, f.config.identity())
	}
	f.current.Store(f.snapshot(edition{set: keys.NewSet()}))
	return f
}

// wanted reports whether a user wants keys that come so.
func (f *fetcher) wanted(p origin.Provenance) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.users {
		if s.want.accepts(p) {
			return true
		}
	}
	return false
}

// start puts in what is on disk and starts the goroutine.
func (f *fetcher) start() {
	f.restore()
	f.told = f.current.Load().generation
	f.pool.running.Add(1)
	go f.run()
}

// run fetches the set until the fetcher is stopped.
func (f *fetcher) run() {
	defer f.pool.running.Done()
	defer f.demand.finish(false)
	for f.step() {
	}
}

// step runs one round, and reports whether another follows. A panic, of ours or of who is told of changes, ends the round and not the
// process; the next round begins after a while.
func (f *fetcher) step() (more bool) {
	defer func() {
		if p := recover(); p != nil {
			more = f.caught(p, debug.Stack())
		}
	}()
	if !f.sleep() {
		return false
	}
	f.refresh()
	return true
}

// caught notes a panic as a failure, and waits for a moment, so that one that comes again and again keeps no processor busy. It is
// false if the fetcher is stopped.
func (f *fetcher) caught(p any, stack []byte) bool {
	if other, ok := p.(*origin.Panic); ok {
		stack = other.Stack
	}
	if report := f.pool.options.Panicked; report != nil {
		report("the fetching of a key set")
	}
	f.origin.Forget()
	if s, _ := f.fail(errInternal, f.pool.options.Clock.Now()); s.failures&(s.failures-1) == 0 {
		f.logf(Error, "is not fetched (failure %d): %s\n%s", s.failures, errInternal, stack)
	}
	select {
	case <-time.After(firstRetry):
		return true
	case <-f.ctx.Done():
		return false
	}
}

// sleep waits until the set is to be fetched; false when the fetcher is stopped. A set that grows too old meanwhile is
// given up.
func (f *fetcher) sleep() bool {
	for f.ctx.Err() == nil {
		now := f.pool.options.Clock.Now()
		expiry := f.expire(now)
		f.announce()
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
	good := false
	defer func() { f.demand.finish(good) }()
	now := f.pool.options.Clock.Now()
	f.demand.start(now)
	allowHTTP := f.fetching(now)
	result, err := f.origin.Fetch(f.ctx, allowHTTP, now)
	if f.ctx.Err() != nil {
		return
	}
	now = f.pool.options.Clock.Now()
	if err != nil {
		f.failed(err, now)
		return
	}
	f.succeeded(result, now)
	good = true
}

// fetching notes that a fetch begins; the result is whether http is allowed for it.
func (f *fetcher) fetching(now time.Time) (allowHTTP bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.lastFetch = now
	f.state.fetches++
	return f.terms.allowHTTP
}

// snapshot numbers sets, the latest first.
func (f *fetcher) snapshot(editions ...edition) *snapshot {
	return &snapshot{editions: editions, generation: f.pool.generation.Add(1)}
}

// announce tells the users that the set has changed, if it has.
func (f *fetcher) announce() {
	generation := f.current.Load().generation
	if generation == f.told {
		return
	}
	f.told = generation
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
