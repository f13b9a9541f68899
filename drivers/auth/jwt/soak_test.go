package jwt

import (
	"crypto/elliptic"
	"fmt"
	"maps"
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
	"apinto-jwt/jwttest"
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

// fresh are the claims of a token that nobody has seen.
func fresh(of claims) claims {
	other := maps.Clone(of)
	other["jti"] = fmt.Sprint(rand.Uint64())
	return other
}

// hs signs with this secret.
func (s *soak) hs(secret string) func(claims) string {
	return func(payload claims) string { return tokenOf(s.t, secret, payload) }
}

// inTurn is one of the answers after the other, version by version.
func inTurn(list ...string) func(int) string {
	return func(version int) string { return list[version%len(list)] }
}

// one is an actor with one application, which has these entries in turn; nil: it is not there.
func (s *soak) one(name string, turns [][]entry, probes ...probe) *actor {
	there := false
	stop := func() {
		if there {
			s.drop(name)
		}
		there = false
	}
	step := func(version int) {
		entries := turns[version%len(turns)]
		if entries == nil {
			stop()
			return
		}
		s.put(appOf(name), entries...)
		there = true
	}
	return &actor{name: name, step: step, stop: stop, probe: probes}
}

// asks is a probe that is signed anew now and then.
func asks(header string, sign func(claims) string, payload claims, answers ...string) probe {
	return probe{header: header, sign: sign, claims: payload, want: inTurn(answers...)}
}

// asksOne is a probe that is always the same token.
func asksOne(header string, sign func(claims) string, payload claims, answers ...string) probe {
	return probe{header: header, sign: sign, claims: payload, want: inTurn(answers...), one: true}
}

// atHeader is an entry for this header.
func atHeader(header, config, users string) entry {
	return entry{position: "header", name: header, config: config, users: users}
}

// singles are actors with one application each.
func (s *soak) singles() []*actor {
	ann, bob, a := claims{"sub": "ann"}, claims{"sub": "bob"}, s.hs(secretA)
	usual := func(header string) []entry { return []entry{atHeader(header, "", "")} }

	secret := func(i int) []entry { return []entry{atHeader("X-Secret", secretRule(fmt.Sprint(i)), "")} }
	const ofSecret = "ann of secret@app"

	keyA, keyB := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	set := func(list ...jwttest.JWK) []entry {
		return []entry{atHeader("X-Set", text(es256(setOf(list...), nil)), "")}
	}
	jwkA, jwkB := jwttest.NewJWK("a", keyA), jwttest.NewJWK("b", keyB)
	es := func(kid string, key any) func(claims) string {
		return func(payload claims) string { return jwttest.Sign(s.t, "ES256", key, claims{"kid": kid}, payload) }
	}
	const ofSet = "ann of set@app"

	users := func(list string) []entry { return []entry{atHeader("X-Users", "", list)} }
	shared := func(names ...string) []entry { return []entry{atHeader("X-Shared", "", usersJSON(names...))} }
	const unknown = "user_unknown"

	return []*actor{
		s.one("goes", [][]entry{nil, usual("X-Goes")}, asks("X-Goes", a, ann, "none", "ann of goes@app")),
		s.one(
			"secret", [][]entry{secret(0), secret(1), secret(2)},
			asks("X-Secret", s.hs("0"), ann, ofSecret, "signature_invalid", "signature_invalid"),
			asks("X-Secret", s.hs("1"), ann, "signature_invalid", ofSecret, "signature_invalid"),
			asks("X-Secret", s.hs("2"), ann, "signature_invalid", "signature_invalid", ofSecret),
			asks("X-Secret", s.hs("never"), ann, "signature_invalid"),
		),
		s.one(
			"set", [][]entry{set(jwkA), set(jwkA, jwkB), set(jwkB)},
			asksOne("X-Set", es("a", keyA), ann, ofSet, ofSet, "key_unknown"),
			asksOne("X-Set", es("b", keyB), ann, "key_unknown", ofSet, ofSet),
			asksOne("X-Set", es("b", keyA), ann, "key_unknown", "signature_invalid", "signature_invalid"),
		),
		s.one(
			"users", [][]entry{
				users(usersJSON("ann")), users(usersJSON("bob")), users(expiring(noon)), users(`[]`),
				users(expiring(noon + 1)),
			},
			asks("X-Users", a, ann, "ann of users@app", unknown, "user_expired", unknown, "ann of users@app"),
			asks("X-Users", a, bob, unknown, "bob of users@app", unknown, unknown, unknown),
		),
		s.one(
			"claims", [][]entry{usual("X-Claims"), {atHeader("X-Claims", ruleJSON("claims_to_verify", `["exp"]`), "")}},
			asks("X-Claims", a, ann, "ann of claims@app", "claim_missing"),
			asks("X-Claims", a, claims{"sub": "ann", "exp": noon + 1}, "ann of claims@app"),
		),
		s.one( // an entry goes and comes beside one that stays
			"beside", [][]entry{usual("X-Stays"), {atHeader("X-Stays", "", ""), atHeader("X-Beside", "", "")}},
			asks("X-Stays", a, ann, "ann of beside@app"),
			asks("X-Beside", a, ann, "none", "ann of beside@app"),
		),
		// Three that share a rule; one of them has it always.
		s.one("shares", [][]entry{usual("X-Shared")}, asks("X-Shared", a, ann, "ann of shares@app")),
		s.one(
			"left", [][]entry{nil, shared("lea"), shared("lea", "leo")},
			asks("X-Shared", a, claims{"sub": "lea"}, unknown, "lea of left@app", "lea of left@app"),
			asks("X-Shared", a, claims{"sub": "leo"}, unknown, unknown, "leo of left@app"),
			asks("X-Shared", s.hs(secretB), ann, "signature_invalid"),
		),
		s.one(
			"right", [][]entry{shared("rob"), nil, shared("ria")},
			asks("X-Shared", a, claims{"sub": "rob"}, "rob of right@app", unknown, unknown),
			asks("X-Shared", a, claims{"sub": "ria"}, unknown, unknown, "ria of right@app"),
		),
	}
}

// disabling is an application that is disabled and enabled.
func (s *soak) disabling() *actor {
	step := func(version int) {
		app := appOf("disabled")
		app.Disabled = version%2 == 1
		s.put(app, atHeader("X-Disabled", "", ""))
	}
	p := asks("X-Disabled", s.hs(secretA), claims{"sub": "ann"}, "ann of disabled@app", "app_disabled")
	return &actor{name: "disabled", step: step, stop: func() { s.drop("disabled") }, probe: []probe{p}}
}

// moving is a user who goes from one application to another, which have one rule.
func (s *soak) moving() *actor {
	names := []string{"here", "there"}
	step := func(version int) {
		from, to := names[1-version%2], names[version%2]
		s.put(appOf(from), atHeader("X-Moving", "", usersJSON("bob of "+from)))
		s.put(appOf(to), atHeader("X-Moving", "", usersJSON("ann")))
	}
	stop := func() {
		for _, name := range names {
			s.drop(name)
		}
	}
	p := asks("X-Moving", s.hs(secretA), claims{"sub": "ann"}, "ann of here@app", "ann of there@app")
	return &actor{name: "moving", step: step, stop: stop, probe: []probe{p}, gaps: true}
}

// crowd is many applications with a rule each at one rule.Location, of which one comes or goes at each step: first all come,
// then all go. missing is the reason for a token of one that is not there, while others are.
func (s *soak) crowd(name string, size int, config, sign func(i int) string, missing string) *actor {
	header := "X-" + name
	of := func(version int) int { return (version - 1) * 7 % size } // 7 and the size have no common factor
	there := func(i, version int) bool {
		turns := version / size
		for v := turns*size + 1; v <= version; v++ {
			if of(v) == i {
				turns++
			}
		}
		return turns%2 == 1
	}
	app := func(i int) string { return fmt.Sprint(name, i) }
	last := 0
	a := &actor{name: name, step: func(version int) {
		last = version
		if i := of(version); there(i, version) {
			s.put(appOf(app(i)), atHeader(header, config(i), ""))
		} else {
			s.drop(app(i))
		}
	}, stop: func() {
		for i := range size {
			if there(i, last) {
				s.drop(app(i))
			}
		}
	}}
	for i := range size {
		a.probe = append(a.probe, probe{
			header: header, sign: s.hs(sign(i)), claims: claims{fmt.Sprint("p", i): "ann"},
			want: func(version int) string {
				switch {
				case there(i, version):
					return "ann of " + app(i) + "@app"
				case version%(2*size) == 0:
					return "none"
				}
				return missing
			},
		})
	}
	return a
}

// actors are all of them.
func (s *soak) actors() []*actor {
	path := func(i int) string { return ruleJSON("path", quote(fmt.Sprint("p", i))) }
	same := func(int) string { return secretA }
	own := func(i int) string { return fmt.Sprint("secret ", i) }
	ownPath := func(i int) string { return ruleJSON("secret", quote(own(i)), "path", quote(fmt.Sprint("p", i))) }
	return append(s.singles(), s.disabling(), s.moving(),
		s.crowd("Crowd", 90, path, same, "user_missing"),         // one group of many rules
		s.crowd("Groups", 20, ownPath, own, "signature_invalid"), // many groups in one list
	)
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

// Where the rules have changed during every walk of a request, the last one's result counts: there is a reason, and the
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
