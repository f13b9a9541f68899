package jwt

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
)

// The configuration that the host reads an application into has the fields of the host's own.
func TestAppConfigIsTheHosts(t *testing.T) {
	ours, hosts := reflect.TypeFor[appConfig](), reflect.TypeFor[app.Config]()
	if ours.NumField() != hosts.NumField() {
		t.Fatalf("%d fields, the host has %d", ours.NumField(), hosts.NumField())
	}
	for i := range hosts.NumField() {
		a, b := ours.Field(i), hosts.Field(i)
		if a.Name != b.Name || a.Tag.Get("json") != b.Tag.Get("json") || !a.Type.ConvertibleTo(b.Type) {
			t.Errorf("%s %s, the host has %s %s", a.Name, a.Type, b.Name, b.Type)
		}
	}
	entry := reflect.TypeFor[app.Auth]()
	for i := range entry.NumField() {
		if name := entry.Field(i).Tag.Get("json"); rule.UnknownBeside(map[string]any{name: nil}) != nil {
			t.Errorf("%s is a field of an entry", name)
		}
	}
}

// registeredDrivers collects what is registered.
type registeredDrivers map[string]eosc.IExtenderDriverFactory

func (r registeredDrivers) RegisterExtenderDriver(name string, factory eosc.IExtenderDriverFactory) error {
	r[name] = factory
	return nil
}

// saveApp makes an application of the admin API's text, or changes the one that is there.
func saveApp(t *testing.T, driver eosc.IExtenderDriver, worker eosc.IWorker, text string) (eosc.IWorker, error) {
	t.Helper()
	config, _, err := variable.NewVariables(nil).Unmarshal([]byte(text), driver.ConfigType())
	if err != nil {
		return worker, err
	}
	if worker != nil {
		return worker, worker.Reset(config, nil)
	}
	return driver.Create("fields@app", "fields", config, nil)
}

func TestEntryFields(t *testing.T) {
	Register(nil)
	list := registeredDrivers{}
	RegisterApp(list)
	if list["app"].Render() == nil {
		t.Error("the form is lost")
	}
	driver, err := list["app"].Create("app", "app", "", "", nil)
	must.Succeed(t, err)
	d := installed.Load()
	before := d.origin
	defer func() { d.origin = before }()
	with := func(members string) string {
		return strings.Replace(appJSON(entry{position: "header", name: "X-Fields"}), `"type"`, members+`,"type"`, 1)
	}
	tests := []struct{ name, text, fault string }{
		{"another product's", with(`"pos":"header"`), "pos: is not a field of this driver: write position"},
		{"another spelling", with(`"tokenName":"x"`), "tokenName: is not a field of this driver: write token_name"},
		{"a user's", with(`"hide_credentials":true`), "hide_credentials: is not a field of this driver: write hide_credential of each user"},
		{"a rule's", with(`"jwks_uri":"x"`), "jwks_uri: is not a field of this driver: write jwks_uri, inside config"},
		{"an interface's", with(`"uuid":"x"`), ""},
		{"position", appJSON(entry{position: "headers", config: ruleJSON("leeway", `-1`)}), `config.leeway: must be 0 to 300 seconds; position: "headers" is not one of header, query, body; did you mean header`},
		{"good", appJSON(entry{position: "header", name: "X-Fields"}), ""},
		{"anonymous", `{"anonymous":true,"auth":null}`, ""},
		{"no entries", `{"auth":[]}`, ""},
		{"no list", `{"auth":"x"}`, "unsupported kind"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d.origin = func() rule.Origin { return rule.Saved }
			worker, err := saveApp(t, driver, nil, test.text)
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) {
					t.Errorf("got %v, want %s", err, test.fault)
				}
				return
			}
			must.Succeed(t, err)
			if test.name != "anonymous" { // the host keeps one that is changed as its anonymous application
				if _, err := saveApp(t, driver, worker, with(`"pos":"header"`)); !errors.Is(err, ErrConfig) {
					t.Errorf("changed: %v", err)
				}
				d.origin = func() rule.Origin { return rule.Stored }
				if _, err := saveApp(t, driver, worker, with(`"pos":"header"`)); err != nil {
					t.Errorf("stored: %v", err)
				}
			}
			if err := worker.(eosc.IWorkerDestroy).Destroy(); err != nil {
				t.Error(err)
			}
		})
	}
}
