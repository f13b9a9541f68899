package gate

import (
	"encoding/json"
	"reflect"
	"sync"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app/manager"
	"github.com/eolinker/apinto/drivers/plugins/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/auth/jwt"
	filter "apinto-jwt/drivers/plugins/jwt"
)

// Plugin is a plugin of a route with applications of its own: the whole of what the gateway does to authenticate a
// request.
type Plugin struct {
	filter  http_service.HttpFilter
	manager manager.IManager
	reached next
}

// current is the manager that the host's plugin asks; the plugin keeps one for the whole process.
type current struct{ manager.IManager }

var (
	shared   current
	injected sync.Once
)

// Installed returns the driver as Register puts it into the host: the one that the filter asks. There is one in a process.
func Installed() auth.IAuthFactory {
	inject()
	f, err := auth.GetFactory(jwt.Name)
	if err != nil {
		panic(err)
	}
	return f
}

// inject gives the host's plugins their manager, and the manager the drivers' names.
func inject() {
	injected.Do(func() {
		jwt.Register(nil)
		var m manager.IManager = &shared
		bean.Injection(&m)
	})
}

// NewPlugin binds the rules with the driver, in a manager of their own, for the host's plugin "app".
func NewPlugin(f auth.IAuthFactory, rules []Rule) *Plugin {
	inject()
	return &Plugin{filter: newFilter(app.NewFactory(), "{}"), manager: newManager(f, rules)}
}

// NewFilter binds the rules with the installed driver, for the project's filter. Rules that were bound so before stay.
func NewFilter(rules []Rule) *Plugin { return NewRoutes(rules, "{}")[0] }

// NewRoutes is NewFilter for several filters, each with a configuration of its own.
func NewRoutes(rules []Rule, configs ...string) (routes []*Plugin) {
	f := Installed()
	factory, m := filter.NewFactory(jwt.Of(f)), newManager(f, rules)
	for _, config := range configs {
		routes = append(routes, &Plugin{filter: newFilter(factory, config), manager: m})
	}
	return routes
}

func newManager(f auth.IAuthFactory, rules []Rule) manager.IManager {
	m := manager.NewManager(nil, []string{jwt.Name, apiKeyName})
	for _, e := range Entries(f, rules) {
		a := e.create(f, func(id string) application.IAuth { old, _ := m.Get(id); return old })
		m.Set(e.app, []application.IAuth{a}, map[string][]application.ITransformConfig{a.ID(): e.users})
	}
	return m
}

// newFilter makes a plugin of a configuration as the host does.
func newFilter(factory eosc.IExtenderDriverFactory, text string) http_service.HttpFilter {
	driver, err := factory.Create("plugin", "filter", "", "", nil)
	if err != nil {
		panic(err)
	}
	config := reflect.New(driver.ConfigType().Elem()).Interface()
	if err := json.Unmarshal([]byte(text), config); err != nil {
		panic(err)
	}
	worker, err := driver.Create("filter@plugin", "filter", config, nil)
	if err != nil {
		panic(err)
	}
	f, ok := worker.(http_service.HttpFilter)
	if !ok {
		panic("the plugin is no filter for HTTP")
	}
	return f
}

// Use makes the plugin's applications those that the host knows.
func (p *Plugin) Use() { shared.IManager = p.manager }

// Serve treats a request as the gateway does, and reports whether it is accepted.
func (p *Plugin) Serve(ctx http_service.IHttpContext) bool {
	p.reached.yes = false
	_ = p.filter.DoHttpFilter(ctx, &p.reached) // a refusal
	return p.reached.yes
}

// next is the rest of the chain.
type next struct{ yes bool }

// DoChain implements eocontext.IChain.
func (n *next) DoChain(eocontext.EoContext) error { n.yes = true; return nil }

// Destroy implements eocontext.IChain.
func (n *next) Destroy() {}
