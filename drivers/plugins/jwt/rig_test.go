package jwt

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/variable"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// rig is the host's applications and its plugin "app", and filters as the host makes them.
type rig struct {
	t       testing.TB
	gateway *host.Gateway
	factory eosc.IExtenderDriver
}

func newRig(t testing.TB) *rig {
	t.Helper()
	f := driver.NewFactory()
	r := &rig{t: t, gateway: host.NewGateway(t, f)}
	var err error
	if r.factory, err = NewFactory(driver.Of(f)).Create("plugin", Name, "", "", nil); err != nil {
		t.Fatal(err)
	}
	return r
}

// secretOf returns the secret of an application's tokens.
func secretOf(app string) string { return "the secret of the application " + app + ", long enough" }

// app saves an application whose one rule is for tokens with its secret in the header Authorization. Its users are
// "ann", whose token is hidden, "bob", and "old", who has expired. more is put into the application's JSON.
func (r *rig) app(name string, more ...string) {
	r.t.Helper()
	r.gateway.MustPut(name, fmt.Sprintf(`{"labels":{"team":"team of %[1]s"},%[2]s"auth":[{"type":"jwt","position":"header",
		"token_name":"Authorization","config":{"algorithm":"HS256","secret":%[3]q,"path":"sub"},"users":[
		{"pattern":{"username":"ann"},"labels":{"role":"reader"},"hide_credential":true},
		{"pattern":{"username":"bob"}},{"pattern":{"username":"old"},"expire":1}]}]}`, name, strings.Join(append(more, ""), ","), secretOf(name)))
}

// claims are the payload of a test's token.
type claims = map[string]any

// tokenOf returns a token of the application for its user ann, with more claims.
func (r *rig) tokenOf(app string, more claims) string {
	all := claims{"sub": "ann"}
	maps.Copy(all, more)
	return jwttest.Sign(r.t, "HS256", secretOf(app), nil, all)
}

// get returns a request with the token and more headers.
func (r *rig) get(token string, headers ...string) http_service.IHttpContext {
	r.t.Helper()
	if token != "" {
		headers = append(headers, "Authorization: Bearer "+token)
	}
	return host.Get(r.t, "/", headers...)
}

// save reads a configuration as the host does when it is saved as the route's plugin.
func save(config string, variables ...string) (Config, error) {
	data := map[string][]byte{}
	for i := 0; i+1 < len(variables); i += 2 {
		data["default"] = fmt.Appendf(nil, `{%q:%q}`, variables[i], variables[i+1])
	}
	type plugin struct {
		Config Config `json:"config"`
	}
	read, _, err := variable.NewVariables(data).Unmarshal([]byte(`{"config":`+config+`}`), reflect.TypeOf(plugin{}))
	if err != nil {
		return Config{}, err
	}
	return read.(plugin).Config, nil
}

// create makes a filter as the host does of what was saved: by way of JSON.
func (r *rig) create(config Config) *filter {
	r.t.Helper()
	text, err := json.Marshal(config)
	must.Succeed(r.t, err)
	again := reflect.New(r.factory.ConfigType().Elem()).Interface()
	must.Succeed(r.t, json.Unmarshal(text, again))
	worker, err := r.factory.Create("jwt@route", "jwt", again, nil)
	must.Succeed(r.t, err)
	return worker.(*filter)
}

// filter makes a filter of a configuration that must be accepted.
func (r *rig) filter(config string) *filter {
	r.t.Helper()
	read, err := save(config)
	if err != nil {
		r.t.Fatalf("%s is refused: %v", config, err)
	}
	return r.create(read)
}

// last is the end of a chain of plugins.
type last struct {
	called int
	do     func(eocontext.EoContext)
}

func (l *last) DoFilter(ctx eocontext.EoContext, _ eocontext.IChain) error {
	l.called++
	if l.do != nil {
		l.do(ctx)
	}
	return nil
}

func (l *last) Destroy() {}

// outcome is the end of a request.
type outcome struct {
	http_service.IHttpContext
	passed bool
}

// send sends a request through the filters, one behind the other.
func (r *rig) send(ctx http_service.IHttpContext, filters ...eocontext.IFilter) outcome {
	r.t.Helper()
	end := new(last)
	chain := append(eocontext.Filters(filters), end)
	if err := chain.DoChain(ctx); err != nil {
		r.t.Errorf("the chain has an error: %v", err)
	}
	return outcome{ctx, end.called == 1}
}

// ask sends a request through a filter of this configuration.
func (r *rig) ask(config string, ctx http_service.IHttpContext) outcome {
	r.t.Helper()
	return r.send(ctx, r.filter(config))
}

// said returns the outcome of a request in a line: "passed", or status and reason.
func (o outcome) said() string {
	if o.passed {
		return "passed"
	}
	return fmt.Sprint(o.Response().StatusCode(), " ", o.body().Reason)
}

// body returns the JSON body of the answer.
func (o outcome) body() body {
	var b body
	var rpc rpcError
	if json.Unmarshal(o.Response().GetBody(), &rpc) == nil && rpc.Version == "2.0" {
		return rpc.Error.Data
	}
	if json.Unmarshal(o.Response().GetBody(), &b) != nil {
		return body{Reason: "no JSON"}
	}
	return b
}

// challenge returns the answer's WWW-Authenticate.
func (o outcome) challenge() string { return o.Response().GetHeader("WWW-Authenticate") }

// upstream returns the request that the upstream would get, as text.
func (o outcome) upstream() string { return hosthttp.Raw(o.Proxy()).Header.String() }

// expect compares what came of a request.
func (o outcome) expect(t testing.TB, want string) {
	t.Helper()
	if got := o.said(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// label compares labels, given as name and value in turn.
func (o outcome) label(t testing.TB, want ...string) {
	t.Helper()
	for i := 0; i < len(want); i += 2 {
		if got := o.GetLabel(want[i]); got != want[i+1] {
			t.Errorf("label %s: got %q, want %q", want[i], got, want[i+1])
		}
	}
}
