package jwt

import (
	"errors"
	"sync/atomic"

	"github.com/eolinker/apinto/drivers"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// errProtocol refuses requests of protocols in which the filter finds no token.
var errProtocol = errors.New("a token is required, and the jwt filter can find one in HTTP requests only")

// filter is one place in the chain of plugins: of a route, or of all.
type filter struct {
	drivers.WorkerBase
	gate   *gate
	policy atomic.Pointer[policy]
}

var (
	_ eosc.IWorker                 = (*filter)(nil)
	_ eocontext.IFilter            = (*filter)(nil)
	_ http_service.HttpFilter      = (*filter)(nil)
	_ http_service.WebsocketFilter = (*filter)(nil)
)

// DoFilter takes a request of any protocol. One that is not HTTP has no token as far as the filter can see.
func (f *filter) DoFilter(ctx eocontext.EoContext, next eocontext.IChain) error {
	if request, ok := ctx.(http_service.IHttpContext); ok {
		return f.DoHttpFilter(request, next)
	}
	if request, err := http_service.Assert(ctx); err == nil {
		return f.DoHttpFilter(request, next)
	}
	if p := f.policy.Load(); p.closed || p.required && !p.observe {
		return errProtocol
	}
	return follow(ctx, next)
}

// DoWebsocketFilter takes a request to open a websocket, which is an HTTP request.
func (f *filter) DoWebsocketFilter(ctx http_service.IWebsocketContext, next eocontext.IChain) error {
	return f.DoHttpFilter(ctx, next)
}

// DoHttpFilter lets a request go on along the chain, or answers it. An answer is no error: the host would write a line
// into its log for each.
func (f *filter) DoHttpFilter(ctx http_service.IHttpContext, next eocontext.IChain) error { //nolint:revive // the host's name for it
	p := f.policy.Load()
	v := f.judge(p, ctx)
	if p.observe {
		ctx.SetLabel(LabelWould, v.would())
	}
	if !v.refused() || p.observe && !v.refusal.always {
		v.refusal = f.forward(p, ctx, v)
	}
	if v.refused() {
		ctx.SetLabel(labelStatus, statusFail)
		p.answers.write(ctx, v.refusal, v.exchange)
		v.result.Release(ctx)
		return nil
	}
	if v.matched {
		v.result.Release(ctx)
	} else {
		v.result.Keep(ctx)
		hosthttp.MarkSelected(ctx, f.gate.driver.SelectedBy(), f.gate.driver.Faults()) // with a token the answer may be another
	}
	return follow(ctx, next)
}

// judge returns the policy's verdict; of a user whom it accepts, everything is done that the plugin "app" would do. A fault
// of ours refuses the request.
func (f *filter) judge(p *policy, ctx http_service.IHttpContext) (v verdict) {
	whole := false
	defer func() {
		if whole { // as in the driver's GetUser: to ask recover takes longer
			return
		}
		if r := recover(); r != nil {
			f.gate.driver.Faults().Caught("the filter's judge", "the request")
			v = verdict{refusal: refusalFault}
			labelRefusal(ctx, v)
		}
	}()
	v = p.judge(ctx, f.gate)
	if v.accepted() {
		v.refusal = admit(ctx, v)
	}
	if v.refused() {
		labelRefusal(ctx, v)
	}
	whole = true
	return v
}

// forward makes the request fit for the upstream. If that fails it is refused whatever the mode: the client's own
// headers may still be in it.
func (f *filter) forward(p *policy, ctx http_service.IHttpContext, v verdict) (refused *refusal) {
	if len(p.upstream) == 0 && !chunked(ctx) && writtenIn(ctx) == nil {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			f.gate.driver.Faults().Caught("the filter's forward", "the request")
			refused = refusalFault
		}
	}()
	p.upstream.forward(ctx, v.token(), p.identity(v, f.gate), f.gate.driver.Faults())
	return nil
}

// follow lets the request go on.
func follow(ctx eocontext.EoContext, next eocontext.IChain) error {
	if next == nil {
		return nil
	}
	return next.DoChain(ctx)
}

// Reset takes another configuration, or none of it: the error wraps ErrConfig.
func (f *filter) Reset(config any, _ map[eosc.RequireId]eosc.IWorker) error {
	c, err := drivers.Assert[Config](config)
	if err != nil {
		return err
	}
	p, err := compile(c)
	if err != nil {
		return err
	}
	f.gate.announce(p)
	f.policy.Store(p)
	return nil
}

// Start implements eosc.IWorker.
func (f *filter) Start() error { return nil }

// Stop implements eosc.IWorker.
func (f *filter) Stop() error { return nil }

// Destroy implements eocontext.IFilter. Requests that are on their way still use the filter.
func (f *filter) Destroy() {}

// CheckSkill implements eosc.IWorker.
func (f *filter) CheckSkill(skill string) bool { return skill == http_service.FilterSkillName }
