package jwttoken

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eolinker/eosc"
	"golang.org/x/crypto/bcrypt"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/hostredis"
	"apinto-jwt/jwttest/must"
	realredis "apinto-jwt/jwttest/redis"
)

// The users' password and its bcrypt hash, at the least cost that is accepted.
const (
	secret     = "correct horse"
	secretHash = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"
	signing    = "the signing secret of these tests, long enough for HS256"
)

// rig is a gateway with the driver, its application driver and one shared of endpoints.
type rig struct {
	t       testing.TB
	gateway *host.Gateway
	shared  *shared
	ahead   atomic.Int64 // how far the shared's clock is ahead, in nanoseconds
	cache   string
	// introspectFor is the endpoint's introspect_for.
	introspectFor []string
	more          Config // of the endpoints, beside what they are and their store
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t}
	factory := driver.NewFactory()
	r.gateway = host.NewGateway(t, factory)
	r.shared = newShared(driver.Of(factory), func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) })
	r.shared.matches = compared
	r.app("shop", `{}`, "ann", "bob")
	return r
}

// comparisons are bcrypt's results, by the hash and the password: a hash of the least cost that is accepted takes as long
// as all else that a test does.
var comparisons sync.Map

// compared is bcrypt's comparison, made once for each pair.
func compared(hash, password []byte) error {
	pair := string(hash) + string(password)
	err, known := comparisons.Load(pair)
	if !known {
		err, _ = comparisons.LoadOrStore(pair, bcrypt.CompareHashAndPassword(hash, password))
	}
	failed, _ := err.(error)
	return failed
}

// app makes an application whose users all have the password.
func (r *rig) app(name, issue string, users ...string) {
	r.t.Helper()
	r.appWith(name, fmt.Sprintf(`{"algorithm":"HS256","secret":%q,"path":"sub","iss":%q,"issue":%s}`, signing, name, issue), users...)
}

// appWith is app with a rule.
func (r *rig) appWith(name, rule string, users ...string) {
	r.t.Helper()
	list := make([]string, 0, len(users))
	for _, user := range users {
		list = append(list, fmt.Sprintf(`{"pattern":{"username":%q,"password":%q}}`, user, secretHash))
	}
	r.gateway.MustPut(name, fmt.Sprintf(`{"auth":[{"type":"jwt","position":"header","token_name":"Authorization","config":%s,"users":[%s]}]}`,
		rule, strings.Join(list, ",")))
}

// reply is an endpoint's answer.
type reply struct {
	status  int
	headers map[string]string
	body    string
	fields  map[string]any
}

func (r reply) text(name string) string { s, _ := r.fields[name].(string); return s }

// code returns the status and the error of a failure.
func (r reply) code() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.status, r.text("error")))
}

// call sends a request to an endpoint of this kind.
func (r *rig) call(kind, method, body string, headers ...string) reply {
	r.t.Helper()
	return r.callAt(kind, "/oauth", method, body, headers...)
}

// callAt is call of this path and query.
func (r *rig) callAt(kind, target, method, body string, headers ...string) reply {
	r.t.Helper()
	worker, err := r.shared.create("e@plugin", "e", r.config(kind), nil)
	must.Succeed(r.t, err)
	ctx := host.Context(r.t, method+" "+target+" HTTP/1.1\nHost: gateway.test\n"+strings.Join(append(headers, ""), "\n")+"\n"+body)
	must.Succeed(r.t, worker.(*endpoint).DoHttpFilter(ctx, nil))
	a := reply{status: ctx.Response().StatusCode(), body: string(ctx.Response().GetBody()), headers: make(map[string]string)}
	for name, values := range ctx.Response().Headers() {
		a.headers[strings.ToLower(name)] = values[0]
	}
	_ = json.Unmarshal([]byte(a.body), &a.fields)
	return a
}

// config returns the endpoint's configuration.
func (r *rig) config(kind string) *Config {
	c := r.more
	c.Endpoint, c.Cache = kind, eosc.RequireId(r.cache)
	if kind == "introspect" {
		c.IntrospectFor = r.introspectFor
	}
	return &c
}

const formType = "Content-Type: application/x-www-form-urlencoded"

// post sends a form: pairs of name and value. A pair "Authorization" is a header.
func (r *rig) post(kind string, pairs ...string) reply {
	r.t.Helper()
	values, headers := url.Values{}, []string{formType}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == "Authorization" {
			headers = append(headers, "Authorization: "+pairs[i+1])
			continue
		}
		values.Add(pairs[i], pairs[i+1])
	}
	return r.call(kind, "POST", values.Encode(), headers...)
}

// basic returns the header of HTTP Basic.
func basic(id, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(password)))
}

// login logs in, which must succeed.
func (r *rig) login(app, user string) reply {
	r.t.Helper()
	a := r.post("token", "grant_type", "password", "client_id", app, "username", user, "password", secret)
	if a.status != 200 || a.text("access_token") == "" {
		r.t.Fatalf("login of %s at %s: %d %s", user, app, a.status, a.body)
	}
	return a
}

// refresh uses a refresh token.
func (r *rig) refresh(raw string) reply {
	r.t.Helper()
	return r.post("token", "grant_type", "refresh_token", "refresh_token", raw)
}

// accepts reports whether the gateway lets a request with the token pass, and as whom.
func (r *rig) accepts(raw string) string {
	r.t.Helper()
	ctx := host.Get(r.t, "/", "Authorization: Bearer "+raw)
	if err := r.gateway.Ask(ctx); err != nil {
		return ctx.GetLabel("jwt_result")
	}
	return ctx.GetLabel("token") + " of " + ctx.GetLabel("application_id")
}

// outputs are the host's workers, by ID.
type outputs map[string]eosc.IWorker

func (o outputs) Get(id string) (eosc.IWorker, bool) { w, ok := o[id]; return w, ok }

// overRedis gives the rig's endpoints a real Redis as store, by the host's own output.
func (r *rig) overRedis() *realredis.Server {
	r.t.Helper()
	server := realredis.Start(r.t)
	r.cache = "redis@output"
	r.shared.workers = outputs{r.cache: hostredis.Output(r.t, server.Addr)}
	return server
}

// onBoth runs a test with the process's store and with a real Redis.
func onBoth(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	t.Run("process", func(t *testing.T) { test(t, newRig(t)) })
	t.Run("redis", func(t *testing.T) {
		r := newRig(t)
		r.overRedis()
		test(t, r)
	})
}
