package remote

import (
	"crypto/elliptic"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// everything is all algorithms.
var everything = keys.NewAlgorithmSet(keys.Algorithms()...)

// Keys of the tests.
var (
	keyA = jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256()))
	keyB = jwttest.NewJWK("b", jwttest.OtherECKey(elliptic.P256()))
	keyR = jwttest.NewJWK("r", jwttest.RSAKey(2048))
	keyS = jwttest.NewJWK("s", []byte(strings.Repeat("secret! ", 4)))
)

// bench is a server, a clock, a log and a pool whose jitter is nothing.
type bench struct {
	*testing.T
	server *jwttest.KeyServer
	clock  *fakeClock
	log    lines
	pool   *Pool
}

func newBench(t *testing.T, alter func(*Options)) *bench {
	t.Helper()
	b := &bench{T: t, server: jwttest.StartKeyServer(keyA), clock: newFakeClock()}
	t.Cleanup(b.server.Close)
	b.pool = b.newPool(alter)
	return b
}

// newPool returns a pool as after a restart.
func (b *bench) newPool(alter func(*Options)) *Pool {
	o := Options{
		Log: b.log.add, Clock: b.clock, Random: func() float64 { return 0.5 },
		Wait: 30 * time.Second, Timeout: 2 * time.Second,
	}
	if alter != nil {
		alter(&o)
	}
	pool := NewPool(o)
	if o.Dir != "" {
		b.Cleanup(pool.Wait) // before the directory is removed
	}
	return pool
}

// config returns a configuration for the server's key set.
func (b *bench) config() Config {
	return Config{URL: b.server.URL(jwttest.KeysPath), Algorithms: everything}
}

// acquire returns a source whose first fetch has ended.
func (b *bench) acquire(c Config) *Source {
	b.Helper()
	var s *Source
	b.agreed(c, func() { s = b.acquireFrom(b.pool, c) })
	b.clock.asleep(b, 1)
	return s
}

// release releases a source that is not the last one.
func (b *bench) release(c Config, s *Source) {
	b.Helper()
	b.agreed(c, s.Release)
}

// agreed does something with the users of a set, and where that changes their terms, waits for the fetcher to look at them: the
// time must not be moved before.
func (b *bench) agreed(c Config, act func()) {
	b.Helper()
	b.pool.mu.Lock()
	f := b.pool.fetchers[c.trust()]
	b.pool.mu.Unlock()
	terms := func() terms {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.terms
	}
	if f == nil {
		act()
		return
	}
	before, made := terms(), b.clock.timersMade()
	act()
	if terms() != before {
		eventually(b, "the fetcher to look", func() bool { return b.clock.timersMade() > made })
	}
}

func (b *bench) acquireFrom(p *Pool, c Config) *Source {
	b.Helper()
	s, err := p.Acquire(c, nil)
	must.Succeed(b, err)
	b.Cleanup(s.Release)
	return s
}

// advance moves the time and waits for what comes of it.
func (b *bench) advance(d time.Duration) {
	b.Helper()
	b.clock.advance(d)
	b.clock.asleep(b, 1)
}

// wantIDs checks the key IDs of a set: "a b".
func (b *bench) wantIDs(set *keys.Set, want string) {
	b.Helper()
	var ids []string
	for _, k := range set.Keys() {
		ids = append(ids, k.ID())
	}
	if got := strings.Join(ids, " "); got != want {
		b.Errorf("the set has the keys %q, not %q", got, want)
	}
}

// lines are what was logged.
type lines struct {
	mu   sync.Mutex
	list []string
}

func (l *lines) add(level Level, message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, [...]string{"info", "warn", "error"}[level]+": "+message)
}

// with returns the lines that have this text.
func (l *lines) with(text string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for _, line := range l.list {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// headerOf returns a header with these fields.
func headerOf(fields map[string]string) http.Header {
	h := make(http.Header)
	for name, value := range fields {
		h.Set(name, value)
	}
	return h
}

// throughProxy sends requests for the host through the proxy, and no others.
func throughProxy(t *testing.T, host, proxy string) func(*http.Request) (*url.URL, error) {
	t.Helper()
	through, err := url.Parse(proxy)
	must.Succeed(t, err)
	return func(r *http.Request) (*url.URL, error) {
		if r.URL.Hostname() == host {
			return through, nil
		}
		return nil, nil
	}
}
