package host

import (
	"encoding/json"
	"testing"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// App is an application of the gateway.
type App struct {
	AppID    string
	AppLabel map[string]string
	Disabled bool
}

var _ application.IApp = (*App)(nil)

// Id returns the application's ID.
func (a *App) Id() string { return a.AppID } //nolint:revive // the host's name for it

// Name returns the application's ID without "@app".
func (a *App) Name() string { return a.AppID }

// Labels returns the application's labels.
func (a *App) Labels() map[string]string { return a.AppLabel }

// Disable reports whether the application is disabled.
func (a *App) Disable() bool { return a.Disabled }

// Execute does nothing.
func (a *App) Execute(http_service.IHttpContext) error { return nil }

// BaseConfig is JSON as the host hands it to a factory, read into the type that the factory names.
func BaseConfig(t testing.TB, f auth.IAuthFactory, text string) *application.BaseConfig {
	t.Helper()
	base := new(application.BaseConfig)
	if err := json.Unmarshal([]byte(text), base); err != nil {
		t.Fatal(err)
	}
	if err := base.SetType(f.ConfigType()); err != nil {
		t.Fatal(err)
	}
	return base
}

// Users returns a JSON list of users as the host hands it to an authenticator.
func Users(t testing.TB, f auth.IAuthFactory, text string) []application.ITransformConfig {
	t.Helper()
	var list []*application.BaseConfig
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	users := make([]application.ITransformConfig, 0, len(list))
	for _, user := range list {
		if err := user.SetType(f.UserType()); err != nil {
			t.Fatal(err)
		}
		users = append(users, user)
	}
	return users
}
