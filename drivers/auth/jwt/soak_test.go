package jwt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app/manager"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/jwttest/host"
)

// envSoak is how long TestSoak takes, instead of two seconds.
const envSoak = "APINTO_JWT_SOAK"

// soak is the host's manager with the driver behind it.
type soak struct {
	*kit
	manager manager.IManager
	failed  atomic.Bool
	judged  atomic.Int64 // requests that began and ended within one version
	amidst  atomic.Int64 // those during which the configuration changed
}

func newSoak(k *kit) *soak {
	auth.FactoryRegister(Name, k)
	return &soak{kit: k, manager: manager.NewManager(map[string]string{}, []string{Name})}
}

// put saves an application as the host does. It takes effect before it returns.
func (s *soak) put(app *host.App, entries ...entry) {
	list := make([]application.IAuth, 0, len(entries))
	users := make(map[string][]application.ITransformConfig)
	for _, e := range entries {
		var a application.IAuth = s.make(e)
		if old, ok := s.manager.Get(a.ID()); ok {
			a = old
		}
		configs := host.Users(s.t, s.kit, e.filled().users)
		if err := a.Check(app.Id(), configs); err != nil {
			s.fail("the users of %s are refused: %v", app.Id(), err)
		}
		list = append(list, a)
		users[a.ID()] = append(users[a.ID()], configs...)
	}
	s.manager.Set(app, list, users)
}

// drop deletes an application.
func (s *soak) drop(name string) { s.manager.Del(appOf(name).Id()) }

func (s *soak) fail(format string, args ...any) {
	s.failed.Store(true)
	s.t.Errorf(format, args...)
}

// actor changes a configuration of its own from version to version. What stands in a version is known beforehand, so
// that of each request it is known what may come of it.
type actor struct {
	name  string
	step  func(version int) // makes version of the one before it; the first is 1
	stop  func()            // deletes all that it has
	probe []probe
	gaps  bool // in the middle of a step it may be as if nothing was there

	// begun and done are the last versions that were begun and done.
	begun, done atomic.Int64
}

// probe is a token with what is to come of it in each version.
type probe struct {
	header string
	sign   func(payload claims) string
	claims claims
	want   func(version int) string
	one    bool // the token is always the same, as signing takes long

	raw string
}

// refused tells what is no user.
func refused(said string) bool { return !strings.Contains(said, " of ") }

// ask sends the token and compares. A request that begins when a change has been made is judged by what the change has
// made, at once; one during which there are changes, by any of the versions that were in force meanwhile.
func (s *soak) ask(a *actor, p *probe, raw string) {
	first := int(a.done.Load())
	ctx := host.Get(s.t, "/", p.header+": "+raw)
	got := answerAll(ctx, s.manager.ListByDriver(Name))
	last := int(a.begun.Load())
	if label := ctx.GetLabel(LabelResult); label != "" {
		got = label
	}
	want := make(map[string]bool)
	anyRefusal := false
	for v := first; v <= last; v++ {
		w := p.want(v)
		want[w] = true
		anyRefusal = anyRefusal || refused(w) || a.gaps
	}
	if first == last {
		s.judged.Add(1)
		anyRefusal = false
	} else {
		s.amidst.Add(1)
	}
	if !want[got] && (!anyRefusal || !refused(got)) {
		s.fail("%s, versions %d to %d: got %s, want one of %v", a.name, first, last, got, want)
	}
}

// run changes the configurations, and asks, for as long; then all is deleted.
func (s *soak) run(actors []*actor, d time.Duration) {
	var writers, readers sync.WaitGroup
	end := time.Now().Add(d)
	over := func() bool { return s.failed.Load() || !time.Now().Before(end) }
	for _, a := range actors {
		for i := range a.probe {
			a.probe[i].raw = a.probe[i].sign(a.probe[i].claims)
		}
		a.begun.Store(1)
		a.step(1)
		a.done.Store(1)
	}
	for _, a := range actors {
		writers.Add(1)
		go func() {
			defer writers.Done()
			for v := 2; !over(); v++ {
				a.begun.Store(int64(v))
				a.step(v)
				a.done.Store(int64(v))
				time.Sleep(time.Duration(rand.IntN(10_000)) * time.Microsecond)
			}
		}()
	}
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for !over() {
				a := actors[rand.IntN(len(actors))]
				p := &a.probe[rand.IntN(len(a.probe))]
				raw := p.raw
				if !p.one && rand.IntN(20) == 0 { // one that nobody has seen
					raw = p.sign(fresh(p.claims))
				}
				for range 1 + rand.IntN(4) {
					s.ask(a, p, raw)
				}
			}
		}()
	}
	readers.Wait()
	writers.Wait()
	for _, a := range actors {
		a.stop()
	}
}

// left is what there is when all has been deleted, and what is remembered has been swept: goroutines, and the live heap
// in bytes.
func (s *soak) left() (goroutines int, heap uint64) {
	g := s.driver.Registry
	rules, users := g.Size()
	c := g.Contents()
	counts := []int{rules, users, c.Locations, c.Groups, c.Applications}
	if slices.Max(counts) != 0 {
		s.fail("rules, users, places, groups and applications that are left: %v", counts)
	}
	s.driver.Sweep(time.Unix(noon, 0))
	if tokens, bytes := s.driver.Cached(); tokens != 0 || bytes != 0 {
		s.fail("%d tokens with %d bytes are remembered, whose keys are gone", tokens, bytes)
	}
	var stats runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return runtime.NumGoroutine(), stats.HeapAlloc
}

// Applications, keys and users change all the time while requests come, through the host's own manager. Each request is
// judged by what is in force, at once after each change, and whatever else changes; and when all is deleted nothing is
// left. It takes as long as APINTO_JWT_SOAK says.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	length := 2 * time.Second
	if given := os.Getenv(envSoak); given != "" {
		var err error
		if length, err = time.ParseDuration(given); err != nil {
			t.Fatalf("%s: %v", envSoak, err)
		}
	}
	k := newKit(t)
	first := newSoak(k) // what is made once in a process is there before it is counted
	first.run(first.actors(), length/10)
	goroutines, heap := first.left()

	s := newSoak(k)
	actors := s.actors()
	s.run(actors, length)
	changes := int64(0)
	for _, a := range actors {
		changes += a.done.Load()
	}
	tokens, bytes := k.driver.Cached()
	t.Logf("%d changes; %d requests between two changes, %d amidst one; %d tokens with %d bytes are remembered",
		changes, s.judged.Load(), s.amidst.Load(), tokens, bytes)
	if cached := limitsFromEnv().cache > 0; cached != (tokens > 0) {
		t.Errorf("with a cache: %t; %d tokens are remembered", cached, tokens)
	}
	if s.judged.Load() < 100 || s.amidst.Load() == 0 {
		t.Error("there were too few requests for this test to say anything")
	}
	after, heapAfter := s.left()
	t.Logf("live heap: %d KiB before, %d KiB after", heap>>10, heapAfter>>10)
	if most := heap + 512<<10; heapAfter > most {
		t.Errorf("the live heap has grown from %d KiB to %d KiB", heap>>10, heapAfter>>10)
	}
	if after > goroutines {
		t.Logf("%d goroutines, %d before", after, goroutines)
	}
	eventually(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// If the rules have changed during every walk of a request, the last one's result counts: there is a reason, and the
// host gets the user whom it refuses itself.
func TestRulesThatNeverRest(t *testing.T) {
	k := newKit(t)
	app, walks := &hooked{App: appOf("a")}, 0
	app.Disabled = true
	var hook func()
	hook = func() {
		walks++
		k.bind(appOf("b"), entry{position: "header", name: "X-Other", config: secretRule(fmt.Sprint(walks))})
		app.hook.Store(&hook)
	}
	list := k.bind(app, entry{})
	app.hook.Store(&hook)
	ctx := inHeader(t, ann(t))
	got := answer(ctx, list...)
	if label := ctx.GetLabel(LabelResult); got != "ann of a@app" || label != "app_disabled" || walks != authn.MaxTries {
		t.Errorf("got %s, label %q after %d walks", got, label, walks)
	}
}
