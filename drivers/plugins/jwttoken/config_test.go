package jwttoken

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/variable"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
)

// save reads a configuration as the host does when it is saved as the route's plugin; pairs of a variable and its value.
func save(config string, variables ...string) (Config, error) {
	values := make(map[string]string)
	for i := 0; i+1 < len(variables); i += 2 {
		values[variables[i]] = variables[i+1]
	}
	text, err := json.Marshal(values)
	if err != nil {
		return Config{}, err
	}
	type plugin struct {
		Config Config `json:"config"`
	}
	known := variable.NewVariables(map[string][]byte{"default": text})
	read, _, err := known.Unmarshal([]byte(`{"config":`+config+`}`), reflect.TypeOf(plugin{}))
	if err != nil {
		return Config{}, err
	}
	return read.(plugin).Config, nil
}

// made returns the endpoint that the host makes of what was saved, by way of JSON.
func (r *rig) made(config Config) *endpoint {
	r.t.Helper()
	text, err := json.Marshal(config)
	must.Succeed(r.t, err)
	var again Config
	must.Succeed(r.t, json.Unmarshal(text, &again))
	worker, err := r.shared.create("e@plugin", "e", &again, nil)
	must.Succeed(r.t, err)
	return worker.(*endpoint)
}

// Every fault is an error when the configuration is saved, with its field and the remedy.
func TestFaults(t *testing.T) {
	golden.Faults(t, ErrConfig, func(config string) error {
		_, err := save(config)
		return err
	})
}

const tokenWith = `{"endpoint":"token"`

// What is right is read, and what the host makes of it is served.
func TestConfig(t *testing.T) {
	r := newRig(t)
	for config, want := range map[string]Config{
		tokenWith + `}`: {Endpoint: "token"},
		tokenWith + `,"cache":null,"on_store_failure":null,"trust_real_ip":null}`:                  {Endpoint: "token"},
		tokenWith + `,"cache":"","on_store_failure":""}`:                                           {Endpoint: "token"},
		`{"endpoint":"revoke","cache":"a@output","on_store_failure":"allow","trust_real_ip":true}`: {Endpoint: "revoke", Cache: "a@output", OnStoreFailure: "allow", TrustRealIP: true},
		`{"endpoint":"${e}","cache":"${c}@output","trust_real_ip":"${t}"}`:                         {Endpoint: "jwks", Cache: "x@output", TrustRealIP: true},
		tokenWith + `,"max_sessions":1,"max_logins":"${n}"}`:                                       {Endpoint: "token", MaxSessions: 1, MaxLogins: 6000},
		tokenWith + `,"trusted_proxies":["10.0.0.0/8","2001:db8::1","${p}"]}`:                      {Endpoint: "token", TrustedProxies: []string{"10.0.0.0/8", "2001:db8::1", "192.0.2.7"}},
		tokenWith + `,"max_sessions":0,"max_logins":null}`:                                         {Endpoint: "token"},
		`{"endpoint":"introspect","introspect_for":["Shop","mall@app"]}`:                           {Endpoint: "introspect", IntrospectFor: []string{"Shop", "mall@app"}},
		`{"endpoint":"introspect","introspect_for":"${e}"}`:                                        {Endpoint: "introspect", IntrospectFor: []string{"jwks"}},
	} {
		got, err := save(config, "e", "jwks", "c", "x", "t", "true", "n", "6000", "p", "192.0.2.7")
		if err != nil {
			t.Errorf("%s: %v", config, err)
			continue
		}
		e := r.made(got)
		if got.decoded = (decoded{}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", config, got)
		}
		s := e.serves.Load()
		if s == nil || s.trustRealIP != want.TrustRealIP || allows(s.store) != (want.OnStoreFailure == "allow") {
			t.Errorf("%s: it serves %+v", config, s)
		}
	}
	if e := r.made(mustSave(t, tokenWith+`,"cache":"Sessions@Output"}`)); e.serves.Load().store != r.shared.stores["sessions@output"] {
		t.Error("the host's IDs are in lower case")
	}
}

func mustSave(t *testing.T, config string) Config {
	t.Helper()
	read, err := save(config)
	must.Succeed(t, err)
	return read
}

// A configuration that is refused leaves the one before as it was.
func TestReset(t *testing.T) {
	r := newRig(t)
	e := r.made(mustSave(t, tokenWith+`,"trust_real_ip":true}`))
	before := e.serves.Load()
	var faulty Config
	must.Succeed(t, json.Unmarshal([]byte(tokenWith+`,"on_store_failure":"allow","x":1}`), &faulty))
	for _, config := range []any{&faulty, new(Config), &Config{Endpoint: "x"}, &Config{Endpoint: "jwks", Cache: "x"}} {
		if err := e.Reset(config, nil); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: got %v", config, err)
		}
	}
	if err := e.Reset("x", nil); err == nil {
		t.Error("a configuration of another type is taken")
	}
	if s := e.serves.Load(); s != before || allows(s.store) {
		t.Error("what was refused is in force")
	}
	good := mustSave(t, `{"endpoint":"jwks"}`)
	if err := e.Reset(&good, nil); err != nil || e.serves.Load() == before {
		t.Errorf("a change is not taken: %v", err)
	}
}

// In a worker reading never fails, or the host would take all plugins off all routes; the endpoint answers 503. So it
// does if it has an empty configuration, which the host saves for plugins that are off.
func TestFaultyInWorker(t *testing.T) {
	r := newRig(t)
	check := func(config string) {
		t.Helper()
		read, err := save(config)
		if err != nil {
			t.Errorf("%s: %v", config, err)
			return
		}
		e := r.made(read)
		if a := e.answer(nil); e.serves.Load() != nil || a.status != 503 {
			t.Errorf("%s: status %d", config, a.status)
		}
	}
	check(`{}`)
	check(`null`)
	before := env.Process()
	env.SetProcessName(eosc.ProcessWorker)
	defer env.SetProcessName(before)
	for _, config := range []string{`[]`, `{"endpoint":"x"}`, tokenWith + `,"cache":"${nowhere}"}`, tokenWith + `,"new_in_a_later_version":1}`} {
		check(config)
	}
}

// The dashboard's form has what the configuration has, and says what may be chosen.
func TestForm(t *testing.T) {
	form, ok := NewFactory(driver.Of(driver.NewFactory())).(interface{ Render() any })
	if !ok {
		t.Fatal("the factory has no form")
	}
	text, err := json.Marshal(form.Render())
	must.Succeed(t, err)
	var fields struct {
		Properties map[string]struct {
			Label string
			Enum  []string
		}
	}
	must.Succeed(t, json.Unmarshal(text, &fields))
	for _, name := range strings.Split(fieldNames, ", ") {
		if fields.Properties[name].Label == "" {
			t.Errorf("%s has no label", name)
		}
	}
	for _, name := range fields.Properties["endpoint"].Enum {
		if _, there := endpoints[name]; !there || !strings.Contains(endpointNames, name) {
			t.Errorf("there is no endpoint %q", name)
		}
	}
	if len(fields.Properties) != strings.Count(fieldNames, ",")+1 || len(fields.Properties["endpoint"].Enum) != len(endpoints) {
		t.Errorf("the form is %s", fmt.Sprint(fields))
	}
}
