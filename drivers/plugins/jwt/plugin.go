// Package jwt is the filter "jwt" of the Apinto API gateway: what a route requires of a request's token, and the
// answer that says why one is refused. It stands before the host's plugin "app" in the list of plugins, or alone.
//
// Reading it top-down is reading a request. The host calls DoFilter (filter.go); the token is resolved once by the
// driver, through its index; the policy judges what came of it (policy.go, scopes.go), and by the
// message if the route is an MCP server's (mcp.go); an accepted user is admitted as
// the plugin "app" would do it (admit.go); a refused request is answered (refusals.go, answer.go); what goes on to the
// upstream carries no header of the client's that the policy owns (upstream.go, headername.go, headervalue.go, late.go), and
// the gateway's own token if the policy has one made (identity.go).
// What an administrator saves is read and checked once (config.go, upstreamtoken.go, decode.go, compile.go, variables.go).
package jwt

import (
	"sync"
	"sync/atomic"

	"github.com/eolinker/apinto/drivers"
	"github.com/eolinker/apinto/drivers/app/manager"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/log"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwt/internal/upstreamtoken"
)

// Name is the extender's name in its project. In the project "jwt" of the group "apinto-jwt" the plugin's ID is
// "apinto-jwt:jwt:filter".
const Name = "filter"

// Register puts the filter into an Apinto build, and the driver that it needs too. Like the driver's Register it must
// be called in every process of the gateway that knows drivers, which extends.AddInnerExtendProject does.
func Register(register eosc.IExtenderDriverRegister) {
	driver.Register(register)
	d, _ := driver.Installed() // by the line before
	if err := register.RegisterExtenderDriver(Name, NewFactory(d)); err != nil {
		log.Errorf("[jwt] the filter cannot be registered: %s", err)
	}
}

// NewFactory makes the filters of a process, which ask the driver.
func NewFactory(d *driver.Driver) eosc.IExtenderDriverFactory {
	g := &gate{driver: d}
	g.upstreamTokens = sync.OnceValue(g.newUpstreamCache)
	bean.Autowired(&g.apps)
	return drivers.NewFactory[Config](g.create)
}

// gate is the state that all filters of a process share.
type gate struct {
	driver   *driver.Driver
	apps     manager.IManager // the host's list of applications
	settling atomic.Bool      // contradictions between resources will be told
	// upstreamTokens returns the cache of the upstreams' tokens.
	upstreamTokens func() *upstreamtoken.Cache
}

// create makes a filter of a configuration. It never fails, because the host leaves a plugin that cannot be created out
// of the chain, and the route would be open: a filter whose configuration is faulty refuses every request. Saving such
// a configuration is refused before (variables.go).
func (g *gate) create(id, name string, config *Config, _ map[eosc.RequireId]eosc.IWorker) (eosc.IWorker, error) {
	f := &filter{WorkerBase: drivers.Worker(id, name), gate: g}
	p, err := compile(config)
	if err != nil {
		log.Errorf("[jwt] filter %s refuses every request: %s", id, err)
		p = closedPolicy()
	}
	g.announce(p)
	f.policy.Store(p)
	return f, nil
}
