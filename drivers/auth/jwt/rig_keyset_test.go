package jwt

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys/remote"
)

// object is a JSON object.
type object = map[string]any

// rigNow is when requests come: 2026-01-01T00:00:00Z.
const rigNow = 1767225600

// rig is a driver of its own, whose requests come at rigNow and whose key sets are fetched by a schedule that the test
// drives.
type rig struct {
	t       *testing.T
	factory *factory
	clock   *handClock
}

func newRig(t *testing.T) *rig { return newRigWith(t, remote.Options{}) }

// newRigWith is newRig with other options of the pool; a clock that they have stays.
func newRigWith(t *testing.T, options remote.Options) *rig {
	t.Helper()
	r := &rig{t: t, clock: &handClock{now: time.Unix(rigNow, 0)}}
	if options.Clock == nil {
		options.Clock = r.clock
	}
	pool := remote.NewPool(options)
	t.Cleanup(pool.Wait) // before a directory of the sets is removed
	r.factory = factoryWith(clockOf(func() time.Time { return time.Unix(rigNow, 0) }), pool)
	return r
}

// create compiles a rule for the header Authorization.
func (r *rig) create(config object) (application.IAuth, error) {
	r.t.Helper()
	return r.factory.Create("Authorization", "header", host.BaseConfig(r.t, r.factory, text(config)))
}

// bind puts a rule in force for an application of this name, until the test ends.
func (r *rig) bind(app string, config object, users ...string) application.IAuth {
	r.t.Helper()
	auth, err := r.create(config)
	must.Succeed(r.t, err)
	r.set(app, auth, users...)
	r.t.Cleanup(func() { auth.Del(app) })
	return auth
}

// set does what the host does when a configuration is saved.
func (r *rig) set(app string, auth application.IAuth, users ...string) {
	r.t.Helper()
	list := []object{}
	for _, user := range users {
		list = append(list, object{"pattern": object{"username": user}})
	}
	bound := host.Users(r.t, r.factory, text(list))
	must.Succeed(r.t, auth.Check(app, bound))
	auth.Set(&host.App{AppID: app}, bound)
}

// outcome is what a request came to: the user's name and the reason, one of which is empty.
type outcome struct{ user, reason string }

// passes and fails are the two kinds of outcomes.
func passes(user string) outcome  { return outcome{user: user} }
func fails(reason string) outcome { return outcome{reason: reason} }

// ask asks an authenticator about a request.
func ask(auth application.IAuth, ctx http_service.IHttpContext) outcome {
	user, ok := auth.GetUser(ctx)
	if !ok {
		return fails(ctx.GetLabel(LabelResult))
	}
	if user == nil {
		return outcome{"nobody", ctx.GetLabel(LabelResult)}
	}
	return outcome{user.Name, ctx.GetLabel(LabelResult)}
}

// want sends a token in the header and compares the outcome. It sends it three times, as a token is remembered from
// its second time on.
func (r *rig) want(auth application.IAuth, raw string, want outcome) http_service.IHttpContext {
	r.t.Helper()
	var ctx http_service.IHttpContext
	for i := range 3 {
		ctx = withToken(r.t, raw)
		if got := ask(auth, ctx); got != want {
			r.t.Errorf("time %d: got %+v, want %+v", i+1, got, want)
			break
		}
	}
	return ctx
}

// withToken is a request with the token in the header.
func withToken(t *testing.T, raw string) http_service.IHttpContext {
	t.Helper()
	return host.Get(t, "/", "Authorization: Bearer "+raw)
}

// hs256 makes a token with rigSecret.
func hs256(t *testing.T, claims object) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", rigSecret, nil, claims)
}

const rigSecret = "a secret of thirty-two bytes, or more"

// with is a rule of HS256, whose users are named by "sub", with these fields too.
func with(fields object) object {
	rule := object{"algorithm": "HS256", "secret": rigSecret, "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// text is JSON.
func text(v any) string {
	encoded, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// eventually waits for what another goroutine is about to do.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// handClock stands still until it is moved on.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[chan time.Time]time.Time
}

var _ remote.Clock = (*handClock)(nil)

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Timer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := make(chan time.Time, 1)
	if c.timers == nil {
		c.timers = make(map[chan time.Time]time.Time)
	}
	if d <= 0 {
		timer <- c.now
	} else {
		c.timers[timer] = c.now.Add(d)
	}
	return timer, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, timer)
	}
}

// forward lets time pass.
func (c *handClock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	for timer, at := range c.timers {
		if !c.now.Before(at) {
			timer <- c.now
			delete(c.timers, timer)
		}
	}
}

// waiting is how many fetchers sleep.
func (c *handClock) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

// setOf is a key set as the admin API takes it.
func setOf(list ...jwttest.JWK) string { return jwttest.JWKS(list...) }

// es256 is a rule with an inline key set, whose users are named by "sub", with these fields too.
func es256(set any, fields object) object {
	rule := object{"algorithm": "ES256", "jwks": set, "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// fetching is a rule with a key set that is fetched, with these fields too.
func fetching(url string, fields object) object {
	rule := object{"algorithm": "ES256", "jwks_uri": url, "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}
