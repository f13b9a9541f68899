package jwt

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app/manager"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
)

// hooked is an application that does something while it is asked.
type hooked struct {
	*host.App
	hook atomic.Pointer[func()]
}

func (h *hooked) Disable() bool {
	if hook := h.hook.Swap(nil); hook != nil {
		(*hook)()
	}
	return h.App.Disable()
}

// A token that an application accepts before and after a change is accepted while it changes, whatever the moment.
func TestChangeInTheMiddleOfARequest(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	disabled := &hooked{App: appOf("disabled")}
	disabled.Disabled = true
	list := k.bind(disabled, entry{config: ruleJSON("path", `"name"`)})
	for i := range 20 { // the order in which rules are asked is that of their digests
		rules := []string{ruleJSON("claims_to_verify", `[]`), ruleJSON("path", fmt.Sprintf(`"$['a%d','sub']"`, i))}
		before := k.bind(app, entry{config: rules[i%2]})
		hook := func() { k.bind(app, entry{config: rules[1-i%2]}) }
		disabled.hook.Store(&hook)
		ctx := inHeader(t, tokenOf(t, secretA, claims{"sub": "ann", "name": "ann"}))
		if got := answer(ctx, append(before, list...)...); got != "ann of a@app" {
			t.Fatalf("round %d: got %s", i, got)
		}
	}
}

// Requests while applications change, under the host's own manager: whoever is not touched is accepted each time, a
// change of what says nothing of the token is not noticed, and no token is accepted that no configuration had.
func TestChangesUnderLoad(t *testing.T) {
	k := newKit(t)
	auth.FactoryRegister(Name, k)
	m := manager.NewManager(map[string]string{}, []string{Name})
	put := func(name string, entries ...entry) {
		app := appOf(name)
		list := make([]application.IAuth, 0, len(entries))
		users := map[string][]application.ITransformConfig{}
		for _, e := range entries {
			var a application.IAuth = k.make(e)
			if old, ok := m.Get(a.ID()); ok {
				a = old
			}
			configs := host.Users(t, k, e.filled().users)
			if err := a.Check(app.Id(), configs); err != nil {
				t.Error(err)
			}
			list = append(list, a)
			users[a.ID()] = append(users[a.ID()], configs...)
		}
		m.Set(app, list, users)
	}
	shared := entry{position: "header", name: "X-Shared"}
	put("still", entry{position: "header", name: "X-Still"}, entry{position: "header", name: "X-Shared", users: usersJSON("still")})
	put("flips", shared, entry{position: "header", name: "X-Flip", config: secretRule("one")})
	put("comes", shared.with(usersJSON("comes")))
	requests := []struct {
		header, token string
		allowed       []string
	}{
		{"X-Still", ann(t), []string{"ann of still@app"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "still"}), []string{"still of still@app"}},
		{"X-Shared", ann(t), []string{"ann of flips@app"}},
		{"X-Flip", tokenOf(t, "one", claims{"sub": "ann"}), []string{"ann of flips@app", "signature_invalid", "key_unknown", "algorithm_not_allowed"}},
		{"X-Flip", tokenOf(t, "never", claims{"sub": "ann"}), []string{"signature_invalid", "algorithm_not_allowed"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "comes"}), []string{"comes of comes@app", "user_unknown"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "eve"}), []string{"user_unknown"}},
		{"X-Shared", tokenOf(t, secretB, claims{"sub": "still"}), []string{"signature_invalid"}},
	}
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	for w := range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := w; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				r := requests[i%len(requests)]
				ctx := host.Get(t, "/", r.header+": "+r.token)
				if got := answerAll(ctx, m.ListByDriver(Name)); !slices.Contains(r.allowed, got) {
					t.Errorf("%s: got %s, want one of %v", r.header, got, r.allowed)
					return
				}
			}
		}()
	}
	writers.Add(2)
	go func() {
		defer writers.Done()
		for i := range 150 {
			secret := []string{"one", "two", "three"}[i%3]
			put("flips", shared, entry{position: "header", name: "X-Flip", config: secretRule(secret)})
		}
	}()
	go func() {
		defer writers.Done()
		for i := range 150 {
			if i%2 == 0 {
				m.Del("comes@app")
			} else {
				put("comes", shared.with(usersJSON("comes")))
			}
		}
	}()
	writers.Wait()
	close(stop)
	readers.Wait()
}

// with is the entry with other users.
func (e entry) with(users string) entry {
	e.users = users
	return e
}

// answerAll is answer for what the host's manager lists.
func answerAll(ctx http_service.IHttpContext, list []application.IAuthUser) string {
	handles := make([]*authenticator, 0, len(list))
	for _, a := range list {
		handles = append(handles, a.(*authenticator))
	}
	return answer(ctx, handles...)
}
