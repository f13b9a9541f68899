package jwt

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
	"apinto-jwt/test/corpus"
)

// No configuration crashes the compiler; a secret is never in its answer; the same configuration is the same rule; and
// a rule that is accepted can be put in force.
func FuzzCompile(f *testing.F) {
	for _, rule := range corpus.Rules() {
		f.Add([]byte(rule), "token", "query")
	}
	for _, bad := range corpus.BadRules() {
		f.Add([]byte(bad.Config), "", "header")
	}
	f.Add([]byte(`null`), "", "")
	f.Add([]byte(`{"secret":{"a":1},"jwks":{"keys":[]},"algorithm":"HS256,RS256","required_claims":{"a":[1]},"claims_to_labels":{"a":"b"}}`), "$.a", "body")
	factory := newFactory(clockOf(func() time.Time { return corpus.Now }))
	f.Fuzz(func(t *testing.T, config []byte, tokenName, position string) {
		var base, again application.BaseConfig
		if json.Unmarshal(config, &base) != nil || json.Unmarshal(config, &again) != nil ||
			base.SetType(factory.ConfigType()) != nil || again.SetType(factory.ConfigType()) != nil {
			return
		}
		auth, err := factory.Create(tokenName, position, &base)
		if n := factory.driver.Panics.Total(); n != 0 {
			t.Fatalf("%d faults: %v", n, err)
		}
		other, otherErr := factory.Create(tokenName, position, &again)
		if (err == nil) != (otherErr == nil) || err == nil && auth.ID() != other.ID() || err != nil && err.Error() != otherErr.Error() {
			t.Fatalf("once %v, once %v", err, otherErr)
		}
		if err != nil {
			if cfg, ok := base.Config().(*rule.Config); ok && len(cfg.Secret) >= 8 && strings.Contains(err.Error(), cfg.Secret.Reveal()) {
				t.Fatalf("the error shows the secret: %v", err)
			}
			return
		}
		users := []application.ITransformConfig{user{&rule.User{Pattern: rule.Pattern{Username: "alice"}}}}
		if err := auth.Check("app", users); err != nil {
			t.Fatal(err)
		}
		auth.Set(&host.App{AppID: "app"}, users)
		if got, ok := auth.GetUser(host.Get(t, "/")); got != nil || ok || auth.UserCount() != 1 {
			t.Fatalf("got %v, %v, %d users", got, ok, auth.UserCount())
		}
		auth.Del("app")
		if n := factory.driver.Panics.Total(); n != 0 || auth.UserCount() != 0 {
			t.Fatalf("%d faults, %d users", n, auth.UserCount())
		}
	})
}

// user is a user as the host hands it to an authenticator.
type user struct{ config *rule.User }

func (u user) Config() any                { return u.config }
func (u user) SetType(reflect.Type) error { return nil }

// No request crashes the driver; and of one that is accepted the upstream receives no token at any place that the
// rules look at.
func FuzzRequest(f *testing.F) {
	gates := []*gate{newGate(f), newGate(f), newGate(f)}
	places := [][2]string{{"header", "Authorization"}, {"query", "token"}, {"body", "token"}}
	rule := corpus.Rules()["hs256"]
	for i, g := range gates {
		g.hide = true
		g.bind(f, "hs256", rule, places[i][0], places[i][1])
	}
	for _, c := range corpus.Cases() {
		if c.Request != "" && len(c.Request) < 4096 && (c.Position == "header" || c.Position == "query" || c.Position == "body") {
			f.Add([]byte(c.Request))
		}
	}
	f.Fuzz(func(t *testing.T, request []byte) {
		for i, g := range gates {
			ctx, ok := contextOf(request)
			if !ok {
				return
			}
			user, ok := g.auths["hs256"].GetUser(ctx)
			if n := g.factory.driver.Panics.Total(); n != 0 {
				t.Fatalf("%d faults", n)
			}
			if !ok || user == nil {
				continue
			}
			var forwarded bytes.Buffer
			w := bufio.NewWriter(&forwarded)
			if err := hosthttp.Raw(ctx.Proxy()).Write(w); err != nil {
				continue // no request that can be sent
			}
			w.Flush()
			again, ok := contextOf(forwarded.Bytes())
			if !ok {
				t.Fatalf("%s: what is forwarded cannot be read: %q", places[i][0], forwarded.Bytes())
			}
			location := g.auths["hs256"].(*authenticator).rule.Locations[0]
			if found := bearer.Extract(again, location, g.factory.driver.BodyLimit); found.Token != "" || found.Several {
				t.Fatalf("%s: %q is left in %q", places[i][0], found.Token, forwarded.Bytes())
			}
		}
	})
}

// contextOf is the gateway's context of a request as it comes from the network; false for what is none.
func contextOf(request []byte) (http_service.IHttpContext, bool) {
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}, nil)
	reader := bufio.NewReaderSize(bytes.NewReader(request), len(request)+4096)
	if ctx.Request.Header.Read(reader) != nil || ctx.Request.ContinueReadBodyStream(reader, 1<<20, false) != nil {
		return nil, false
	}
	return http_context.NewContext(ctx, 8080), true
}
