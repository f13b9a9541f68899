package jwt

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/jwttest/must"
)

func TestVariables(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	config := func(t *testing.T, text, value string) Config {
		t.Helper()
		read, err := save(text, "v", value)
		must.Succeed(t, err)
		return read
	}
	tests := []struct{ config, value, token, want string }{
		{`{"audience":["${v}"]}`, "orders", r.tokenOf("shop", claims{"aud": "orders"}), "passed"},
		{`{"audience":["a${v}b${v}"]}`, "1", r.tokenOf("shop", claims{"aud": "a1b1"}), "passed"},
		{`{"audience":["$中${v}$"]}`, "1", r.tokenOf("shop", claims{"aud": "$中1$"}), "passed"},
		{`{"audience":["${v"]}`, "1", r.tokenOf("shop", claims{"aud": "${v"}), "passed"},
		{`{"claims":{"$.${v}":"${v}"}}`, "x", r.tokenOf("shop", claims{"x": "x"}), "passed"},
		{`{"required":"${v}"}`, "false", "", "passed"},
		{`{"required":"${v}"}`, "true", "", "401 token_missing"},
	}
	for _, test := range tests {
		t.Run(test.config, func(t *testing.T) {
			r.send(r.get(test.token), r.create(config(t, test.config, test.value))).expect(t, test.want)
		})
	}
	_, used, err := read(map[string]any{"realm": "${v}", "x": []any{"${v}"}}, variable.NewVariables(map[string][]byte{"default": []byte(`{"v":"1"}`)}))
	if err != nil || !slices.Equal(used, []string{"v", "v"}) {
		t.Errorf("used %q, %v", used, err)
	}
	if _, err := save(`{"realm":"${nowhere}"}`, "v", "1"); err == nil || !strings.Contains(err.Error(), "${nowhere}") {
		t.Errorf("an unknown variable: %v", err)
	}
	if _, err := save(`{"apps":["${v}"]}`, "v", "@"); err == nil || !strings.Contains(err.Error(), "apps[0]") {
		t.Errorf("a variable with a fault: %v", err)
	}
}

// What cannot be used is no open door: in a worker process reading it does not fail, and its filter refuses everything.
func TestClosed(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	before := env.Process()
	env.SetProcessName(eosc.ProcessWorker)
	defer env.SetProcessName(before)
	for _, config := range []string{`{"mode":"observe","apps":[""]}`, `[]`, `{"audience":["${nowhere}"]}`, `{"required":false,"new_in_a_later_version":1}`} {
		read, err := save(config)
		if err != nil {
			t.Errorf("%s: reading it in a worker: %v", config, err)
		}
		o := r.send(r.get(r.tokenOf("shop", nil)), r.create(read))
		o.expect(t, "401 internal")
		if o.Response().GetHeader("WWW-Authenticate") == "" {
			t.Error("no challenge")
		}
		end := new(last)
		if err := (eocontext.Filters{r.create(read), end}).DoChain(other{}); err == nil || end.called != 0 {
			t.Errorf("%s: a request of another protocol passes", config)
		}
	}
}

func TestReset(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{}`)
	read, err := save(`{"scopes":["a"]}`)
	must.Succeed(t, err)
	must.Succeed(t, f.Reset(&read, nil))
	r.send(r.get(r.tokenOf("shop", nil)), f).expect(t, "403 claim_missing")
	bad := Config{}
	must.Succeed(t, json.Unmarshal([]byte(`{"mode":"x"}`), &bad))
	if err := f.Reset(&bad, nil); !errors.Is(err, ErrConfig) {
		t.Errorf("got %v", err)
	}
	if err := f.Reset("x", nil); err == nil {
		t.Error("a configuration of another type is taken")
	}
	r.send(r.get(r.tokenOf("shop", nil)), f).expect(t, "403 claim_missing")
}

// What the host asks of a worker.
func TestWorker(t *testing.T) {
	f := newRig(t).filter(`{}`)
	if err := errors.Join(f.Start(), f.Stop()); err != nil {
		t.Error(err)
	}
	f.Destroy()
	if f.Id() != "jwt@route" || f.Name() != "jwt" || !f.CheckSkill(http_service.FilterSkillName) || f.CheckSkill("x") {
		t.Errorf("ID %q, name %q", f.Id(), f.Name())
	}
}

// registrar is the part of the host that drivers are registered with.
type registrar map[string]eosc.IExtenderDriverFactory

func (r registrar) RegisterExtenderDriver(name string, factory eosc.IExtenderDriverFactory) error {
	if r[name] != nil {
		return errors.New("there already")
	}
	r[name] = factory
	return nil
}

// One call registers filter and driver; a second one does no harm.
func TestRegister(t *testing.T) {
	r := registrar{}
	Register(r)
	Register(r)
	if len(r) != 1 || r["filter"] == nil {
		t.Errorf("registered: %v", r)
	}
}
