package jwt

import (
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// The secrets that these tests sign with, both long enough for HS512 in RFC 7518 §3.2.
const (
	secretA = "the first secret of these tests, 64 bytes long for all the HS5.."
	secretB = "another secret of these tests, it has 64 bytes too and is secret"
)

// noon is the time that it is in these tests: 2024-03-01T12:00:00Z.
const noon = 1709294400

// clockOf judges every request by the one clock.
func clockOf(now func() time.Time) authn.Clock {
	return authn.Clock{Now: now, Arrived: func(http_service.IHttpContext) time.Time { return now() }}
}

// kit is a factory with a registry of its own and a clock that stands still.
type kit struct {
	*factory
	t     testing.TB
	clock atomic.Int64
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{t: t}
	k.clock.Store(noon)
	k.factory = newFactory(clockOf(func() time.Time { return time.Unix(k.clock.Load(), 0) }))
	return k
}

// entry is one item of an application's "auth" list. Empty fields are an HS256 rule with secretA that takes "sub" from
// the Authorization header for a user named "ann".
type entry struct {
	position, name string
	config         string
	users          string
}

// ruleJSON is a configuration with these members in place of the usual ones, or beside them: "secret", `"x"`, …. One with
// "issue" has the issuer "us" too, which it needs.
func ruleJSON(members ...string) string {
	names := []string{"algorithm", "secret", "path"}
	values := map[string]string{"algorithm": `"HS256"`, "secret": quote(secretA), "path": `"sub"`}
	if slices.Contains(members, "issue") && !slices.Contains(members, "iss") {
		members = append(members, "iss", `"us"`)
	}
	for i := 0; i < len(members); i += 2 {
		if _, known := values[members[i]]; !known {
			names = append(names, members[i])
		}
		values[members[i]] = members[i+1]
	}
	list := make([]string, 0, len(names))
	for _, name := range names {
		if values[name] != "" {
			list = append(list, quote(name)+":"+values[name])
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

// usersJSON is a list of users by name.
func usersJSON(names ...string) string {
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, `{"pattern":{"username":`+quote(name)+`}}`)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func (e entry) filled() entry {
	if e.config == "" {
		e.config = ruleJSON()
	}
	if e.users == "" {
		e.users = usersJSON("ann")
	}
	return e
}

// json is the entry as it stands in the admin API.
func (e entry) json() string {
	e = e.filled()
	return fmt.Sprintf(`{"type":"jwt","position":%q,"token_name":%q,"config":%s,"users":%s}`, e.position, e.name, e.config, e.users)
}

// appJSON is an application with these entries.
func appJSON(entries ...entry) string {
	list := make([]string, 0, len(entries))
	for _, e := range entries {
		list = append(list, e.json())
	}
	return `{"auth":[` + strings.Join(list, ",") + `]}`
}

// make creates the entry's authenticator, which must be accepted.
func (k *kit) make(e entry) *authenticator {
	k.t.Helper()
	e = e.filled()
	a, err := k.Create(e.name, e.position, baseConfig(k.t, k, e.config))
	if err != nil {
		k.t.Fatalf("the rule is refused: %v", err)
	}
	return a.(*authenticator)
}

// fault is the error for a rule that must be refused.
func (k *kit) fault(e entry) error {
	k.t.Helper()
	e = e.filled()
	a, err := k.Create(e.name, e.position, baseConfig(k.t, k, e.config))
	if err == nil {
		k.t.Fatalf("the rule is accepted: %s", e.config)
	}
	if a != nil {
		k.t.Errorf("an authenticator beside the error: %v", a)
	}
	return err
}

// bind does for one application what the host does: all entries are checked, then set.
func (k *kit) bind(app application.IApp, entries ...entry) []*authenticator {
	k.t.Helper()
	list := make([]*authenticator, len(entries))
	users := make([][]application.ITransformConfig, len(entries))
	for i, e := range entries {
		list[i], users[i] = k.make(e), host.Users(k.t, k, e.filled().users)
		if err := list[i].Check(app.Id(), users[i]); err != nil {
			k.t.Fatalf("the users are refused: %v", err)
		}
	}
	for i, a := range list {
		a.Set(app, users[i])
	}
	return list
}

// claims are a token's payload.
type claims = map[string]any

// tokenOf is an HS256 token for the subject.
func tokenOf(t testing.TB, secret string, payload claims) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", secret, map[string]any{"typ": "JWT"}, payload)
}

// ann is the token that the usual entry accepts.
func ann(t testing.TB) string {
	t.Helper()
	return tokenOf(t, secretA, claims{"sub": "ann"})
}

// inHeader is a request with the token in the Authorization header.
func inHeader(t testing.TB, token string) http_service.IHttpContext {
	t.Helper()
	return host.Get(t, "/", "Authorization: Bearer "+token)
}

// answer puts a request to the authenticators in order, as the host does, and says what came out: "user@app" if one
// said yes, "end" for (nil, true), the reason in the labels if none did, "none" if there is no label.
func answer(ctx http_service.IHttpContext, list ...*authenticator) string {
	for _, a := range list {
		user, ok := a.GetUser(ctx)
		switch {
		case ok && user == nil:
			return "end"
		case ok:
			return user.Name + " of " + user.App.Id()
		case user != nil:
			return "a user without yes"
		}
	}
	if reason := ctx.GetLabel(LabelResult); reason != "" {
		return reason
	}
	return "none"
}

// p256 is the elliptic curve of ES256.
var p256 = elliptic.P256()

// resolved returns the result of a request, and the users of the rules that accept its token, or the one user whom it is refused.
func resolved(k *factory, ctx http_service.IHttpContext) (authn.Result, []*application.UserInfo) {
	r := k.driver.Authenticate(ctx, false)
	var users []*application.UserInfo
	for i := range r.Len() {
		users = append(users, r.User(i))
	}
	if r.Reason() != token.Accepted && r.Token() != nil {
		users = append(users, r.User(0))
	}
	return r, users
}

// baseConfig is JSON as the host hands it to the factory.
func baseConfig(t testing.TB, k *kit, text string) *application.BaseConfig {
	t.Helper()
	return host.BaseConfig(t, k, text)
}

// appOf is an application of the gateway by its name.
func appOf(name string) *host.App { return &host.App{AppID: name + "@app"} }

// signRaw is a token of the usual secret with exactly this payload.
func signRaw(t testing.TB, payload string) string {
	t.Helper()
	return jwttest.SignRaw(t, "HS256", secretA, []byte(`{"alg":"HS256"}`), []byte(payload))
}

// parsed is a token that is well-formed.
func parsed(t testing.TB, raw string) *token.Unverified {
	t.Helper()
	u, err := token.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// pemRule is a rule for an algorithm with public keys.
func pemRule(algorithm, text string) string {
	encoded, _ := json.Marshal(text)
	return ruleJSON("algorithm", quote(algorithm), "secret", "", "rsa_public_key", string(encoded))
}
