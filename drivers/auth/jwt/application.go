package jwt

import (
	"fmt"
	"reflect"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/log"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/rule"
)

// RegisterApp puts the host's driver of applications into an Apinto build, in place of its own Register: with it an entry's
// fields beside "config" are looked at, which the host drops if it does not know them. Without it all else is the same.
func RegisterApp(register eosc.IExtenderDriverRegister) {
	if err := register.RegisterExtenderDriver("app", appFactory{app.NewFactory()}); err != nil {
		log.Errorf("[jwt] the driver of applications cannot be registered: %s", err)
	}
}

// appFactory makes the host's driver of applications, with entries read by us.
type appFactory struct{ eosc.IExtenderDriverFactory }

// Create makes the driver.
func (f appFactory) Create(profession, name, label, desc string, params map[string]any) (eosc.IExtenderDriver, error) {
	driver, err := f.IExtenderDriverFactory.Create(profession, name, label, desc, params)
	if err != nil {
		return nil, err
	}
	return appDriver{driver}, nil
}

// appDriver makes applications.
type appDriver struct{ eosc.IExtenderDriver }

// ConfigType returns the type that the host reads an application into.
func (appDriver) ConfigType() reflect.Type { return reflect.TypeFor[*appConfig]() }

// Create makes an application.
func (d appDriver) Create(id, name string, config any, workers map[eosc.RequireId]eosc.IWorker) (eosc.IWorker, error) {
	host, err := hostConfig(config)
	if err != nil {
		return nil, err
	}
	worker, err := d.IExtenderDriver.Create(id, name, host, workers)
	if err != nil {
		return nil, err
	}
	return &appWorker{worker}, nil
}

// appWorker is an application.
type appWorker struct{ eosc.IWorker }

var _ eosc.IWorkerDestroy = (*appWorker)(nil)

// Reset changes the application's configuration.
func (w *appWorker) Reset(config any, workers map[eosc.RequireId]eosc.IWorker) error {
	host, err := hostConfig(config)
	if err != nil {
		return err
	}
	return w.IWorker.Reset(host, workers)
}

// Destroy ends the application.
func (w *appWorker) Destroy() error {
	if worker, ok := w.IWorker.(eosc.IWorkerDestroy); ok {
		return worker.Destroy()
	}
	return nil
}

// appConfig is the host's app.Config field by field, but for the entries.
type appConfig struct {
	Anonymous  bool              `json:"anonymous"`
	Disable    bool              `json:"disable"`
	Additional []*app.Additional `json:"additional"`
	Auth       appEntries        `json:"auth"`
	Labels     map[string]string `json:"labels"`
}

// hostConfig is the host's own form of a configuration. An entry of ours at a position that there is not is refused with
// all else that is wrong with it: the host would say no more than that.
func hostConfig(config any) (*app.Config, error) {
	c, ok := config.(*appConfig)
	if !ok {
		return nil, fmt.Errorf("%w: an application's is %T", eosc.ErrorConfigType, config)
	}
	for _, entry := range c.Auth {
		if d := installed.Load(); d != nil && entry != nil && entry.Type == Name && application.CheckPosition(entry.Position) != nil {
			if cfg, err := ruleOf(entry.Config); err == nil {
				if _, err = d.compiler.Compile(entry.TokenName, entry.Position, cfg, d.origin()); err != nil {
					return nil, err
				}
			}
		}
	}
	return &app.Config{Anonymous: c.Anonymous, Disable: c.Disable, Additional: c.Additional, Auth: c.Auth, Labels: c.Labels}, nil
}

// appEntries are an application's entries.
type appEntries []*app.Auth

var _ variable.IVariableResetType = appEntries{}

// Reset reads the entries as the host does, and notes in each of ours the fields that are not the host's.
func (appEntries) Reset(origin, target reflect.Value, variables eosc.IVariable) ([]string, error) {
	if !origin.IsValid() { // null
		return nil, nil
	}
	var entries []*app.Auth
	used, err := variable.RecurseReflect(origin, reflect.ValueOf(&entries), variables)
	if err != nil {
		return nil, err
	}
	list, _ := origin.Interface().([]any)
	for i, entry := range entries {
		if i >= len(list) || entry == nil || entry.Type != Name || entry.Config == nil {
			continue
		}
		if cfg, ok := entry.Config.Config().(*rule.Config); ok && cfg != nil {
			cfg.NoteBeside(list[i])
		}
	}
	target.Set(reflect.ValueOf(appEntries(entries)))
	return used, nil
}
