package jwt

import (
	"errors"
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// A fault of ours refuses the request and is counted; it is no panic.
func TestFault(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{}`)
	before := f.gate.driver.Faults().Total()
	o := r.send(panicking{r.get(r.tokenOf("shop", nil))}, f)
	o.expect(t, "401 internal")
	o.label(t, "jwt_result", "internal", "auth_status", "fail")
	if got := f.gate.driver.Faults().Total() - before; got != 1 {
		t.Errorf("%d faults were counted, want 1", got)
	}
	o = r.send(panicking{r.get("")}, r.filter(`{"mode":"observe"}`))
	o.expect(t, "passed")
	o.label(t, "jwt_would", "internal")
}

// If it cannot be known that there is an application, there is none.
func TestNoManager(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"required":false}`)
	r.send(r.get(""), f).expect(t, "passed")
	f.gate = &gate{driver: f.gate.driver}
	r.send(r.get(""), f).expect(t, "401 token_missing")
}

// panicking is a request on which something of ours panics.
type panicking struct{ http_service.IHttpContext }

func (p panicking) Request() http_service.IRequestReader { panic("a fault") }

// If the client's headers cannot be removed the request is refused, whatever the mode.
func TestFaultWhileForwarding(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	ctx := &stubborn{IHttpContext: r.get("")}
	o := r.send(ctx, r.filter(`{"mode":"observe","claims_to_headers":{"sub":"X-User"}}`))
	o.expect(t, "401 internal")
}

// stubborn is a request whose forwarded half can be had once only.
type stubborn struct {
	http_service.IHttpContext
	asked int
}

func (s *stubborn) Proxy() http_service.IRequest {
	if s.asked++; s.asked == 1 {
		panic("a fault")
	}
	return s.IHttpContext.Proxy()
}

// other is a request that is not HTTP.
type other struct{ eocontext.EoContext }

func (o other) Assert(any) error { return errors.New("not HTTP") }

func TestOtherProtocols(t *testing.T) {
	r := newRig(t)
	for config, want := range map[string]bool{
		`{}`: false, `{"required":false}`: true, `{"mode":"observe"}`: true, `{"apps":["a"]}`: false,
	} {
		end := new(last)
		err := eocontext.Filters{r.filter(config), end}.DoChain(other{})
		if (err == nil) != want || (end.called == 1) != want {
			t.Errorf("%s: error %v, passed %d", config, err, end.called)
		}
	}
}

// A filter is also asked by way of Assert, and without a next plugin.
func TestWrappedContext(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	ctx := r.get("")
	if err := r.filter(`{}`).DoFilter(wrapped{ctx}, new(eocontext.Filters)); err != nil {
		t.Error(err)
	}
	outcome{ctx, false}.expect(t, "401 token_missing")
	if err := r.filter(`{}`).DoFilter(r.get(r.tokenOf("shop", nil)), nil); err != nil {
		t.Error(err)
	}
}

// wrapped is a context that says only by Assert that it is HTTP.
type wrapped struct{ eocontext.EoContext }

// The filter's chain goes on with the error of what follows.
func TestErrorOfTheNext(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	want := errors.New("of the next")
	err := r.filter(`{}`).DoFilter(r.get(r.tokenOf("shop", nil)), failing{want})
	if !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) DoChain(eocontext.EoContext) error { return f.err }
func (f failing) Destroy()                          {}
