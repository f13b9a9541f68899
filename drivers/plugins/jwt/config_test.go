package jwt

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/internal/configjson"
)

// faultsCases are those of TestFaults.
var faultsCases = []struct {
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

// Every fault is reported when the configuration is saved, with its field.
func TestFaults(t *testing.T) {
	newRig(t)
	tests := faultsCases
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
