package jwt

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/explain"
	"apinto-jwt/internal/printable"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/corpus"
	"apinto-jwt/token"
)

// The project's own attacks, and what must be accepted, through the driver with the gateway's own request contexts:
// each token in a query parameter, in a body and, if a header can carry it, in a header; and each twice, because the
// second time it may be remembered.
func TestCorpus(t *testing.T) {
	rules := corpus.Rules()
	gates := make(map[[3]string]*gate)
	at := func(rule, position, tokenName string) *gate {
		key := [3]string{rule, position, tokenName}
		if gates[key] == nil {
			gates[key] = newGate(t)
			gates[key].bind(t, rule, rules[rule], position, tokenName)
		}
		return gates[key]
	}
	for _, c := range corpus.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			if c.Request != "" {
				at(c.Rule, c.Position, c.TokenName).twice(t, c, c.Request)
				return
			}
			if strings.TrimSpace(c.Token) != c.Token {
				return // the place's own white space, which is taken off before the token is seen
			}
			at(c.Rule, "query", "token").twice(t, c, inQuery(c.Token))
			at(c.Rule, "body", "$.auth.token").twice(t, c, inBody(c.Token))
			if fitsHeader(c.Token) {
				at(c.Rule, "header", "Authorization").twice(t, c, "GET / HTTP/1.1\nHost: gateway.test\nAuthorization: Bearer "+c.Token+"\n\n")
			}
		})
	}
}

// The same with all rules in force at once: what one rule refuses must not be accepted in its name because another
// accepts it; what it accepts, nobody's refusal may hide; and whoever is named, it is a user of a rule that accepts the
// token by itself.
func TestCorpusAmongAllRules(t *testing.T) {
	all, alone := newGate(t), make(map[string]*corpus.Rule)
	for name, config := range corpus.Rules() {
		all.bind(t, name, config, "query", "token")
		rule, err := corpus.Compile(name, config)
		must.Succeed(t, err)
		alone["app-"+name] = rule
	}
	for _, c := range corpus.Cases() {
		if c.Request != "" || strings.TrimSpace(c.Token) != c.Token {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			r, users := resolved(all.factory, host.Context(t, inQuery(c.Token)))
			all.explainedAs(t, inQuery(c.Token), r.Reason().String(), c.Token)
			own := func(user *application.UserInfo) bool { return user.App.Id() == "app-"+c.Rule }
			accepted := r.Reason() == token.Accepted && slices.ContainsFunc(users, own)
			if accepted != (c.Want == corpus.Accepted) {
				t.Fatalf("got %v, %v, want %s", r.Reason(), users, c.Want)
			}
			user, ok := all.auths[c.Rule].GetUser(host.Context(t, inQuery(c.Token)))
			if r.Reason() == token.UserExpired { // the host has words of its own
				return
			}
			if ok != (r.Reason() == token.Accepted) || ok && (user.Name != users[0].Name || user.App.Id() != users[0].App.Id()) {
				t.Fatalf("the authenticator says %v, %v where %v, %v were found", user, ok, r.Reason(), users)
			}
			if !ok {
				return
			}
			if name, err := alone[user.App.Id()].Walk(c.Token, corpus.Now); err != nil || name != user.Name {
				t.Errorf("got %s of %s, whose rule says %q, %v", user.Name, user.App.Id(), name, err)
			}
		})
	}
}

func inQuery(raw string) string {
	return "GET /?token=" + url.QueryEscape(raw) + " HTTP/1.1\nHost: gateway.test\n\n"
}

// inBody carries any token, but for bytes that are not UTF-8.
func inBody(raw string) string {
	text, _ := json.Marshal(raw)
	return "POST / HTTP/1.1\nHost: gateway.test\nContent-Type: application/json\n\n" + `{"auth":{"token":` + string(text) + `}}`
}

// fitsHeader reports whether a header's value can carry the token as it is.
func fitsHeader(raw string) bool {
	return raw != "" && !strings.ContainsFunc(raw, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}

// gate is a driver with rules in force at corpus.Now.
type gate struct {
	factory *factory
	auths   map[string]application.IAuth
	hide    bool // the token from the upstream
}

func newGate(testing.TB) *gate {
	return &gate{factory: newFactory(clockOf(func() time.Time { return corpus.Now })), auths: make(map[string]application.IAuth)}
}

// bind puts a rule in force, with the corpus's users.
func (g *gate) bind(t testing.TB, name string, config []byte, position, tokenName string) {
	t.Helper()
	auth, err := g.factory.Create(tokenName, position, host.BaseConfig(t, g.factory, string(config)))
	if err != nil {
		t.Fatalf("rule %s: %v", name, err)
	}
	var list []map[string]any
	for _, user := range corpus.UsersOf(name) {
		list = append(list, map[string]any{"pattern": map[string]any{"username": user.Name}, "expire": user.Expire, "hide_credential": g.hide})
	}
	text, err := json.Marshal(list)
	must.Succeed(t, err)
	users := host.Users(t, g.factory, string(text))
	if err := auth.Check("app-"+name, users); err != nil {
		t.Fatalf("rule %s: %v", name, err)
	}
	auth.Set(&host.App{AppID: "app-" + name}, users)
	g.auths[name] = auth
}

// twice sends the request three times, as a token is remembered from its second time on.
func (g *gate) twice(t *testing.T, c corpus.Case, request string) {
	t.Helper()
	g.explained(t, c, request)
	for range 3 {
		ctx := host.Context(t, request)
		user, ok := g.auths[c.Rule].GetUser(ctx)
		g.verdict(t, c, ctx, user, ok)
		if t.Failed() {
			t.Logf("%.300s", request)
			return
		}
	}
}

// explained explains the request before the gateway has seen it: same reason, same user, and the steps say it.
func (g *gate) explained(t *testing.T, c corpus.Case, request string) {
	t.Helper()
	want := c.Want
	if c.Token == "" && c.Request == "" {
		want = corpus.NoToken
	}
	report := g.explainedAs(t, request, want, c.Token)
	if report.Accepted && report.User != printable.Text(c.User) {
		t.Errorf("explained as user %q, want %q", report.User, c.User)
	}
}

// explainedAs explains a request, and compares the reason. That changes nothing.
func (g *gate) explainedAs(t *testing.T, request, want, raw string) *explain.Report {
	t.Helper()
	before, _ := json.Marshal(g.factory.driver.status())
	report, err := explain.Explain(g.factory.driver.Authenticator, explain.Asked{Request: explain.Text(request), At: corpus.Now})
	must.Succeed(t, err)
	if after, _ := json.Marshal(g.factory.driver.status()); string(after) != string(before) {
		t.Errorf("explaining has changed the state: %s, before %s", after, before)
	}
	if report.Reason != want || report.Accepted != (want == corpus.Accepted) {
		t.Errorf("explained as %s, want %s", report.Reason, want)
	}
	checkReport(t, report, raw)
	return report
}

// checkReport is for every report: the steps that refuse say why, at the step of the reason, and nothing of the token is shown.
func checkReport(t testing.TB, report *explain.Report, raw string) {
	t.Helper()
	var refusing []explain.Step
	for _, s := range report.Steps {
		if s.OK != (s.Reason == "") || s.Detail == "" {
			t.Errorf("step %+v", s)
		}
		if s.Reason != "" {
			refusing = append(refusing, s)
		}
	}
	says := func(s explain.Step) bool { return s.Reason == report.Reason }
	admits := func(s explain.Step) bool { return s.Step == "application" && s.OK }
	if report.Accepted != slices.ContainsFunc(report.Steps, admits) || !report.Accepted && !slices.ContainsFunc(refusing, says) {
		t.Errorf("%s at %s, but the steps that refuse are %+v", report.Reason, report.Step, refusing)
	}
	if report.Accepted != (report.Remedy == "") {
		t.Errorf("%s has the remedy %q", report.Reason, report.Remedy)
	}
	text, err := json.Marshal(report)
	must.Succeed(t, err)
	for _, part := range strings.Split(raw, ".") {
		if len(part) >= 16 && strings.Contains(string(text), part) {
			t.Errorf("the report shows the token: %s", text)
		}
	}
}

// verdict compares what came out, and that nothing of a refused token is in the labels.
func (g *gate) verdict(t *testing.T, c corpus.Case, ctx http_service.IHttpContext, user *application.UserInfo, ok bool) {
	t.Helper()
	if c.Want == corpus.Accepted {
		if !ok || user == nil || user.Name != c.User {
			t.Errorf("got %v %v (%s), want user %q", user, ok, ctx.GetLabel(LabelResult), c.User)
		}
		return
	}
	want := c.Want
	if want == corpus.NoToken || c.Token == "" && c.Request == "" {
		want = "" // no token, no label
	}
	returned := want == token.UserExpired.String() // the host has words of its own
	if got := ctx.GetLabel(LabelResult); ok != returned || (user != nil) != returned || got != want {
		t.Errorf("got %v %v, label %q, want %q", user, ok, got, want)
	}
	for name, value := range ctx.Labels() {
		for _, part := range strings.Split(c.Token, ".") {
			if len(part) >= 16 && strings.Contains(value, part) {
				t.Errorf("label %s shows the token", name)
			}
		}
	}
	if fingerprint := ctx.GetLabel(LabelFingerprint); want != "" && c.Want != "token_too_large" && len(fingerprint) != len("sha256:")+16 {
		t.Errorf("fingerprint %q", fingerprint)
	}
}

// Configurations that must be refused when they are saved, each with the field that the error names.
func TestBadRules(t *testing.T) {
	f := newFactory(clockOf(time.Now))
	for _, bad := range corpus.BadRules() {
		t.Run(bad.Name, func(t *testing.T) {
			auth, err := f.Create("Authorization", "header", host.BaseConfig(t, f, string(bad.Config)))
			if auth != nil || !errors.Is(err, ErrConfig) {
				t.Fatalf("got %v, %v, want a fault of %s", auth, err, bad.Field)
			}
			if !strings.Contains(err.Error(), bad.Field+":") {
				t.Errorf("%q does not name %s", err, bad.Field)
			}
			if bad.Hidden != "" && strings.Contains(err.Error(), bad.Hidden) {
				t.Errorf("%q shows what it must not", err)
			}
		})
	}
}
