// Package sharedcache is the host's plugin "strategy-plugin-cache", which keeps answers for everybody, with one thing
// changed: an answer that belongs to one user alone neither comes from its cache nor goes into it (RFC 9111 §3.5). The
// host's own knows such a request by the header Authorization only, and by nothing when it looks for an answer.
//
// It takes the place of the host's, under the host's name: stored configurations keep their meaning.
package sharedcache

import (
	"github.com/eolinker/apinto/drivers/plugins/strategy/cache"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/drivers/internal/hosthttp"
)

// Register puts the plugin into an Apinto build in the place of cache.Register, in the host's own project: a name can be
// registered there once.
func Register(register eosc.IExtenderDriverRegister) {
	if err := register.RegisterExtenderDriver(cache.Name, NewFactory()); err != nil {
		log.Errorf("[jwt] the plugin of the shared cache cannot be registered: %s", err)
	}
}

// NewFactory makes the plugins of a process.
func NewFactory() eosc.IExtenderDriverFactory { return factory{cache.NewFactory()} }

// factory is the host's, but for the plugins that its driver makes.
type factory struct{ eosc.IExtenderDriverFactory }

// Create implements eosc.IExtenderDriverFactory.
func (f factory) Create(profession, name, label, desc string, params map[string]any) (eosc.IExtenderDriver, error) {
	d, err := f.IExtenderDriverFactory.Create(profession, name, label, desc, params)
	if err != nil {
		return nil, err
	}
	return driver{d}, nil
}

// driver is the host's, but for the plugins that it makes.
type driver struct{ eosc.IExtenderDriver }

// Create implements eosc.IExtenderDriver.
func (d driver) Create(id, name string, config any, workers map[eosc.RequireId]eosc.IWorker) (eosc.IWorker, error) {
	worker, err := d.IExtenderDriver.Create(id, name, config, workers)
	if err != nil {
		return nil, err
	}
	host, ok := worker.(hostPlugin)
	if !ok {
		return worker, nil // the host leaves out of the chain what is no filter
	}
	return plugin{host}, nil
}

// hostPlugin is the interface of the host's plugin.
type hostPlugin interface {
	eosc.IWorker
	eocontext.IFilter
}

// plugin is one place in the chain of plugins.
type plugin struct{ hostPlugin }

var _ hostPlugin = plugin{}

// DoFilter lets the host's plugin look for an answer, and choose how the request is completed, unless the request is
// known to be a user's own. Whoever authenticates it behind this plugin may make it one yet: so the choice is looked at
// again when the request is completed.
func (p plugin) DoFilter(ctx eocontext.EoContext, next eocontext.IChain) error {
	if _, err := http_service.Assert(ctx); err != nil {
		return p.hostPlugin.DoFilter(ctx, next)
	}
	if hosthttp.IsPrivate(ctx) {
		return follow(ctx, next)
	}
	return p.hostPlugin.DoFilter(ctx, guarded{next, ctx.GetComplete()})
}

// guarded is the rest of the chain, behind the host's plugin.
type guarded struct {
	next eocontext.IChain
	own  eocontext.CompleteHandler // completes the request without the cache
}

// DoChain implements eocontext.IChain.
func (g guarded) DoChain(ctx eocontext.EoContext) error {
	if shared := ctx.GetComplete(); shared != nil && g.own != nil {
		ctx.SetCompleteHandler(completion{shared, g.own})
	}
	return follow(ctx, g.next)
}

// Destroy implements eocontext.IChain.
func (g guarded) Destroy() {}

// completion gets the answer of a request: by way of the cache, or without it.
type completion struct{ shared, own eocontext.CompleteHandler }

// Complete implements eocontext.CompleteHandler.
func (c completion) Complete(ctx eocontext.EoContext) error {
	if hosthttp.IsPrivate(ctx) {
		return c.own.Complete(ctx)
	}
	return c.shared.Complete(ctx)
}

// follow lets the request go on.
func follow(ctx eocontext.EoContext, next eocontext.IChain) error {
	if next == nil {
		return nil
	}
	return next.DoChain(ctx)
}
