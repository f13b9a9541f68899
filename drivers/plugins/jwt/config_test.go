package jwt

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/internal/configjson"
)

// Every fault is reported when the configuration is saved, with its field.
func TestFaults(t *testing.T) {
	newRig(t)
	tests := []struct {
		config string
		fields []string
	}{
		{`[]`, []string{"config"}},
		{`"x"`, []string{"config"}},
		{`{"requierd":true}`, []string{"requierd"}},
		{`{"Required":true}`, []string{"Required"}},
		{`{"decoded":{}}`, []string{"decoded"}},
		{`{"-":1}`, []string{"-"}},
		{`{"required":"yes"}`, []string{"required"}},
		{`{"required":1}`, []string{"required"}},
		{`{"apps":[]}`, []string{"apps"}},
		{`{"apps":[""]}`, []string{"apps[0]"}},
		{`{"apps":["a","@app","b@service","a@b@app"]}`, []string{"apps[1]", "apps[2]", "apps[3]"}},
		{`{"apps":{"a":1}}`, []string{"apps"}},
		{`{"audience":["a",""]}`, []string{"audience[1]"}},
		{`{"audience":[1]}`, []string{"audience"}},
		{`{"scopes":["a b"]}`, []string{"scopes[0]"}},
		{`{"scopes":["a\"b","é","","a\\b","a\u007fb"]}`, []string{"scopes[0]", "scopes[1]", "scopes[2]", "scopes[3]", "scopes[4]"}},
		{`{"claims":[]}`, []string{"claims"}},
		{`{"claims":{"a":{}}}`, []string{`claims["a"]`}},
		{`{"claims":{"a":[null],"b":"x","$.c[":1}}`, []string{`claims["$.c["]`, `claims["a"]`}},
		{`{"claims":{"":1}}`, []string{`claims[""]`}},
		{`{"claims":{"n":[1,9007199254740993],"m":1e21,"o":0.1234567890123456}}`, []string{`claims["m"]`, `claims["n"]`, `claims["o"]`}},
		{`{"claims_to_headers":{"a":1}}`, []string{"claims_to_headers"}},
		{`{"claims_to_headers":{"a..b":"X-A"}}`, []string{`claims_to_headers["a..b"]`}},
		{`{"claims_to_headers":{"a":"X A","b":"","c":"X:C","d":"é","e":"X-E\n"}}`, []string{
			`claims_to_headers["a"]`, `claims_to_headers["b"]`, `claims_to_headers["c"]`, `claims_to_headers["d"]`, `claims_to_headers["e"]`,
		}},
		{`{"claims_to_headers":{"a":"X-A","b":"x_a"}}`, []string{`claims_to_headers["b"]`}},
		{`{"claims_to_headers":{"a":"X-A"},"forward_payload":"X-A"}`, []string{"forward_payload"}},
		{`{"forward_payload":"a/b"}`, []string{"forward_payload"}},
		{`{"forward_payload":["X"]}`, []string{"forward_payload"}},
		{`{"forward_payload":"` + strings.Repeat("a", 129) + `"}`, []string{"forward_payload"}},
		{`{"mode":"watch"}`, []string{"mode"}},
		{`{"mode":"Observe"}`, []string{"mode"}},
		{`{"preflight":"pass"}`, []string{"preflight"}},
		{`{"realm":"a\r\nb"}`, []string{"realm"}},
		{`{"realm":"é"}`, []string{"realm"}},
		{`{"body":"xml"}`, []string{"body"}},
		{`{"detail":true}`, []string{"detail"}},
		{`{"detail":"secret","body":"html","mode":1,"x":2}`, []string{"body", "detail", "mode", "x"}},
	}
	for _, test := range tests {
		t.Run(test.config, func(t *testing.T) {
			_, err := save(test.config)
			if err == nil || !strings.Contains(err.Error(), ": "+ErrConfig.Error()) { // the host does not wrap it
				t.Fatalf("got error %v", err)
			}
			_, list, _ := strings.Cut(err.Error(), ErrConfig.Error()+": ")
			var fields []string
			for _, fault := range strings.Split(list, "; ") {
				field, _, _ := strings.Cut(fault, ": ")
				fields = append(fields, field)
			}
			if !slices.Equal(fields, test.fields) {
				t.Errorf("got %q in %q, want %q", fields, err, test.fields)
			}
		})
	}
}

// Headers that a claim must not be written to.
func TestReservedHeaders(t *testing.T) {
	for _, name := range []string{
		"Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "transfer_encoding", "Upgrade", "Proxy-Authorization",
		"Proxy-Connection", "Host", "Content-Length", "Content-Type", "Content-Encoding", "Expect", "Via", "Authorization",
		"AUTHORIZATION", "Authorization-Type", "Cookie", "Set-Cookie", "WWW-Authenticate", "Forwarded", "X-Forwarded-For", "x_forwarded_for",
		"X-Real-IP", "Origin", "Sec-WebSocket-Key", "Access-Control-Request-Method", "User-Agent", "If-Match", "Range",
	} {
		if _, err := save(`{"claims_to_headers":{"a":"` + name + `"}}`); err == nil {
			t.Errorf("%s is accepted in claims_to_headers", name)
		}
		if _, err := save(`{"forward_payload":"` + name + `"}`); err == nil {
			t.Errorf("%s is accepted in forward_payload", name)
		}
	}
	for _, name := range []string{"X-User", "x_user", "User", "X-Content", "Tenant.ID", "X-Request-Id", "Hosted", "Ifs"} {
		if _, err := save(`{"claims_to_headers":{"a":"` + name + `"}}`); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever way the host reads a configuration, the filter is the same.
func TestRoundTrip(t *testing.T) {
	newRig(t)
	const config = `{"required":false,"apps":"a","audience":["x"],"scopes":["s"],"claims":{"c":["1",2,true],"d":"e"},
		"claims_to_headers":{"$.a":"X-A"},"forward_payload":"X-P","mode":"observe","preflight":"check","realm":"r","body":"text","detail":"hidden"}`
	read, err := save(config)
	if err != nil {
		t.Fatal(err)
	}
	want, err := compile(&read)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		text, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		read = Config{}
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		got, err := compile(&read)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if want.required || !want.observe || want.skipPreflight || !want.answers.text || !want.answers.hidden || want.answers.realm != "r" ||
		!want.apps["a@app"] || len(want.upstream) != 2 {
		t.Errorf("the policy is %+v", want)
	}
}

// The host's zero value, which it makes where "config" is missing, is the default.
func TestZeroConfig(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	filters := map[string]*filter{"zero": r.create(Config{}), "empty": r.filter(`{}`), "null": r.filter(`null`)}
	for name, f := range filters {
		if p := f.policy.Load(); !p.required || !p.skipPreflight || p.observe || p.answers.realm != "apinto" || p.closed {
			t.Errorf("%s: the policy is %+v", name, p)
		}
		r.send(r.get(""), f).expect(t, "401 token_missing")
	}
	worker, err := r.factory.Create("jwt@route", "jwt", new(Config), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.send(r.get(""), worker.(*filter)).expect(t, "401 token_missing")
}

func TestVariables(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	config := func(t *testing.T, text, value string) Config {
		t.Helper()
		read, err := save(text, "v", value)
		if err != nil {
			t.Fatal(err)
		}
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
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Reset(&read, nil); err != nil {
		t.Fatal(err)
	}
	r.send(r.get(r.tokenOf("shop", nil)), f).expect(t, "403 claim_missing")
	bad := Config{}
	if err := json.Unmarshal([]byte(`{"mode":"x"}`), &bad); err != nil {
		t.Fatal(err)
	}
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

// The form that the dashboard draws.
func TestForm(t *testing.T) {
	form, ok := NewFactory().(interface{ Render() interface{} })
	if !ok {
		t.Fatal("the factory has no form")
	}
	text, err := json.MarshalIndent(form.Render(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "form.golden.json")
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text)+"\n" != string(want) {
		t.Errorf("the form is not %s:\n%s", file, text)
	}
	var fields struct {
		Properties map[string]struct{ Label string }
	}
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range configjson.FieldNames[Config]() {
		if fields.Properties[name].Label == "" {
			t.Errorf("%s has no label", name)
		}
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
