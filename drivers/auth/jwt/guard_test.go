package jwt

import (
	"errors"
	"slices"
	"testing"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
)

// faulty is a context of which some methods panic.
type faulty struct {
	http_service.IHttpContext
	methods []string
}

func (f *faulty) trip(method string) {
	if slices.Contains(f.methods, method) {
		panic("the test's panic in " + method)
	}
}

func (f *faulty) Value(key any) any { f.trip("Value"); return f.IHttpContext.Value(key) }

func (f *faulty) WithValue(key, value any) { f.trip("WithValue"); f.IHttpContext.WithValue(key, value) }

func (f *faulty) Request() http_service.IRequestReader {
	f.trip("Request")
	return f.IHttpContext.Request()
}

func (f *faulty) Proxy() http_service.IRequest { f.trip("Proxy"); return f.IHttpContext.Proxy() }

func (f *faulty) SetLabel(name, value string) {
	f.trip("SetLabel")
	f.IHttpContext.SetLabel(name, value)
}

// A panic in the middle of a request refuses this request, and is counted. The worker process, which the host would let
// die of it, goes on.
func TestPanicInARequest(t *testing.T) {
	tests := []struct {
		name    string
		methods []string
		token   string
		label   string
	}{
		{"first step", []string{"Value"}, ann(t), "internal"},
		{"reading", []string{"Request"}, ann(t), "internal"},
		{"keeping", []string{"WithValue"}, "x.y.z", "internal"},
		{"hiding", []string{"Proxy"}, ann(t), "internal"},
		{"labels", []string{"SetLabel"}, "x.y.z", ""},
		{"everything", []string{"Value", "WithValue", "Request", "Proxy", "SetLabel"}, ann(t), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			a := k.bind(appOf("a"), entry{users: hiddenAnn})[0]
			ctx := &faulty{inHeader(t, test.token), test.methods}
			if user, ok := caught(t, a, ctx); ok || user != nil {
				t.Errorf("accepted: %v, %t", user, ok)
			}
			if n := k.driver.Panics.Total(); n != 1 {
				t.Errorf("%d faults are counted", n)
			}
			if got := ctx.GetLabel(LabelResult); got != test.label {
				t.Errorf("label %q, want %q", got, test.label)
			}
			if got := answer(inHeader(t, ann(t)), a); got != "ann of a@app" {
				t.Errorf("the next request: got %s", got)
			}
		})
	}
}

// caught is GetUser; a panic that gets out of it fails the test and does not end the process.
func caught(t *testing.T, a *authenticator, ctx http_service.IHttpContext) (*application.UserInfo, bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("a panic gets out: %v", p)
		}
	}()
	return a.GetUser(ctx)
}

// A request that has failed in us is refused however often we are asked.
func TestPanicRefusesTheWholeRequest(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{users: hiddenAnn}, entry{config: ruleJSON("claims_to_verify", `[]`), users: hiddenAnn})
	ctx := &faulty{inHeader(t, ann(t)), []string{"Proxy"}}
	for _, a := range list {
		if _, ok := a.GetUser(ctx); ok {
			t.Error("accepted with a token that could not be hidden")
		}
	}
}

// broken is an application that panics.
type broken struct{ application.IApp }

func (broken) Id() string { return "broken@app" } //nolint:revive // the host's name for it

func TestPanicInAnApplication(t *testing.T) {
	k := newKit(t)
	a := k.bind(broken{}, entry{})[0]
	other := k.bind(appOf("a"), entry{config: secretRule(secretB)})[0]
	ctx := inHeader(t, ann(t))
	if got := answer(ctx, a); got != "internal" {
		t.Errorf("got %s", got)
	}
	if got := answer(inHeader(t, tokenOf(t, secretB, claims{"sub": "ann"})), a, other); got != "ann of a@app" {
		t.Errorf("another application: got %s", got)
	}
	if k.driver.Panics.Total() == 0 {
		t.Error("no fault is counted")
	}
}

// What the host could hand over, though it should not, is refused or passed over.
func TestPanicInAConfiguration(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{})[0]
	none := []application.ITransformConfig{nil}
	nilUser := []application.ITransformConfig{(*application.BaseConfig)(nil)}
	users := host.Users(t, k, usersJSON("bob"))
	calls := map[string]func(){
		"Check with no user": func() {
			if err := a.Check("b@app", none); !errors.Is(err, ErrInternal) {
				t.Errorf("got %v", err)
			}
		},
		"Check with a nil user": func() {
			if err := a.Check("b@app", nilUser); !errors.Is(err, ErrInternal) {
				t.Errorf("got %v", err)
			}
		},
		"Set with no user":        func() { a.Set(appOf("b"), none) },
		"Set with a nil user":     func() { a.Set(appOf("b"), nilUser) },
		"Set without application": func() { a.Set(nil, users) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			before := k.driver.Panics.Total()
			call()
			if k.driver.Panics.Total() != before+1 {
				t.Error("the fault is not counted")
			}
			if got := answer(inHeader(t, ann(t)), a); got != "ann of a@app" || a.UserCount() != 1 {
				t.Errorf("afterwards: got %s, %d users", got, a.UserCount())
			}
		})
	}
}

// With a registry that is broken as a whole nothing gets out either.
func TestPanicInTheRegistry(t *testing.T) {
	k := newKit(t)
	a := k.make(entry{})
	k.driver.Registry = nil
	users := host.Users(t, k, usersJSON("ann"))
	if err := a.Check("a@app", users); !errors.Is(err, ErrInternal) {
		t.Errorf("got %v", err)
	}
	a.Set(appOf("a"), users)
	a.Del("a@app")
	if n := a.UserCount(); n != 0 {
		t.Errorf("%d users", n)
	}
	if got := answer(inHeader(t, ann(t)), a); got != "internal" {
		t.Errorf("got %s", got)
	}
	if n := k.driver.Panics.Total(); n != 5 {
		t.Errorf("%d faults are counted, want 5", n)
	}
}
