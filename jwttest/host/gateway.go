package host

import (
	"errors"
	"testing"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/apinto/drivers/app/manager"
	plugin_app "github.com/eolinker/apinto/drivers/plugins/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/variable"
)

// Gateway is the gateway's own application driver, application manager and plugin "app". The manager is one for the
// process, so tests with a Gateway must not run in parallel.
type Gateway struct {
	t      testing.TB
	driver eosc.IExtenderDriver
	plugin http_service.HttpFilter
	apps   map[string]eosc.IWorker
}

// NewGateway makes f the gateway's authentication type "jwt". What is put into the gateway is gone when the test ends.
func NewGateway(t testing.TB, f auth.IAuthFactory) *Gateway {
	t.Helper()
	driver, err := app.NewFactory().Create("app", "app", "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	auth.FactoryRegister("jwt", f)
	g := &Gateway{t: t, driver: driver, apps: make(map[string]eosc.IWorker)}
	g.plugin = newPlugin(t)
	t.Cleanup(func() {
		for name := range g.apps {
			g.Delete(name)
		}
		g.ForgetAnonymous()
	})
	return g
}

// ForgetAnonymous makes the manager know no anonymous application: by itself it does not forget one that was made a
// plain one again.
func (g *Gateway) ForgetAnonymous() { g.Manager().SetAnonymousApp(nil) }

// Manager has the applications and authenticators.
func (g *Gateway) Manager() manager.IManager {
	var m manager.IManager
	bean.Autowired(&m)
	return m
}

func newPlugin(t testing.TB) http_service.HttpFilter {
	t.Helper()
	driver, err := plugin_app.NewFactory().Create("plugin", "app", "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	worker, err := driver.Create("app@plugin", "app", new(plugin_app.Config), nil)
	if err != nil {
		t.Fatal(err)
	}
	return worker.(http_service.HttpFilter)
}

// Put saves an application as PUT /api/app/name does in each process: a new one is created, a known one is reset.
func (g *Gateway) Put(name, text string) error {
	config, _, err := variable.NewVariables(nil).Unmarshal([]byte(text), g.driver.ConfigType())
	if err != nil {
		return err
	}
	if worker, ok := g.apps[name]; ok {
		return worker.Reset(config, nil)
	}
	id, ok := eosc.ToWorkerId(name, "app")
	if !ok {
		return eosc.ErrorWorkerNotExits
	}
	worker, err := g.driver.Create(id, name, config, nil)
	if err != nil {
		return err
	}
	if err := worker.Start(); err != nil {
		return err
	}
	g.apps[name] = worker
	return nil
}

// MustPut is Put of a configuration that must be accepted.
func (g *Gateway) MustPut(name, text string) {
	g.t.Helper()
	if err := g.Put(name, text); err != nil {
		g.t.Fatalf("application %s is refused: %v", name, err)
	}
}

// Delete removes an application as DELETE /api/app/name does.
func (g *Gateway) Delete(name string) {
	g.t.Helper()
	worker, ok := g.apps[name]
	if !ok {
		g.t.Fatalf("there is no application %s", name)
	}
	delete(g.apps, name)
	err := worker.Stop()
	if destroy, ok := worker.(eosc.IWorkerDestroy); ok {
		err = errors.Join(err, destroy.Destroy())
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

// Ask returns the plugin's answer to a request: nil if it lets it pass. Whom it found is in the request's labels
// "application_id" and "token".
func (g *Gateway) Ask(ctx http_service.IHttpContext) error { return g.plugin.DoHttpFilter(ctx, nil) }
