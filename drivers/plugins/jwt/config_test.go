package jwt

import (
	"encoding/json"
	"reflect"
	"testing"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
)

// Every fault is an error when the configuration is saved, with its field and the remedy.
func TestFaults(t *testing.T) {
	newRig(t)
	golden.Faults(t, ErrConfig, func(config string) error {
		_, err := save(config)
		return err
	})
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
	must.Succeed(t, err)
	want, err := compile(&read)
	must.Succeed(t, err)
	for range 2 {
		text, err := json.Marshal(read)
		must.Succeed(t, err)
		read = Config{}
		must.Succeed(t, json.Unmarshal(text, &read))
		got, err := compile(&read)
		must.Succeed(t, err)
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
	must.Succeed(t, err)
	r.send(r.get(""), worker.(*filter)).expect(t, "401 token_missing")
}

// The form that the dashboard draws.
func TestForm(t *testing.T) {
	form, ok := NewFactory(nil).(interface{ Render() interface{} })
	if !ok {
		t.Fatal("the factory has no form")
	}
	text, err := json.MarshalIndent(form.Render(), "", "  ")
	must.Succeed(t, err)
	golden.Expect(t, "form", string(text)+"\n")
	var fields struct {
		Properties map[string]struct{ Label string }
	}
	must.Succeed(t, json.Unmarshal(text, &fields))
	for _, name := range configjson.FieldNames[Config]() {
		if fields.Properties[name].Label == "" {
			t.Errorf("%s has no label", name)
		}
	}
}
