package issuing

import (
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/token"
)

// The resources of the machines' application.
const (
	orders   = "https://api.test/orders"
	invoices = "https://api.test/invoices"
)

// machines is a cluster of two nodes with one Redis, an application "fleet" and the description of its issuer.
type machines struct {
	*rig.Env
	second *gateway.Node
	issuer string
	count  atomic.Int64
}

// startMachines starts the nodes. The fleet has a machine with a key in the configuration, one with a fetched set, and ann,
// who has a password.
func startMachines(t *testing.T) *machines {
	t.Helper()
	server := redis.Start(t)
	m := &machines{Env: rig.Own(t), second: rig.StartNode(t)}
	m.issuer = m.Node.URL
	if err := m.second.Join(t.Context(), m.Node); err != nil {
		t.Fatal(err)
	}
	if err := m.Node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}); err != nil {
		t.Fatal(err)
	}
	if err := m.Node.Issuing(t.Context(), m.Log, "sessions"); err != nil {
		t.Fatal(err)
	}
	err := m.Node.Create(t.Context(), gateway.Endpoint{
		Kind: "metadata", Location: "/.well-known/oauth-authorization-server*", Methods: []string{"GET", "HEAD", "OPTIONS"},
		Config: map[string]any{
			"issuer": m.issuer, "token_endpoint": m.issuer + "/oauth/token", "jwks_uri": m.issuer + "/oauth/jwks",
			"scopes_supported": []string{"read", "write"}, "protected_resources": []string{orders, invoices},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	fetched := jwttest.StartKeyServer(jwttest.NewJWK("1", jwttest.RSAKey(2048)))
	t.Cleanup(fetched.Close)
	m.Add(t, gateway.JWTApp("fleet", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "the secret of the fleet, of 32 characters", "iss": m.issuer, "path": "sub",
			"issue": map[string]any{"resources": []string{orders, invoices}, "claims": map[string]any{"scope": "read write"}},
		},
		Users: []gateway.User{
			{Name: "robot", ClientKey: map[string]any{"algorithm": "ES256", "public_key": jwttest.PublicPEM(robotKey())}},
			{Name: "drone", ClientKey: map[string]any{"algorithm": "RS256", "jwks_uri": fetched.URL(jwttest.KeysPath)}},
			{Name: "ann", Password: rig.IssuedHash},
		},
	}))
	for _, node := range []*gateway.Node{m.Node, m.second} {
		mustLogin(t, node, "fleet", "ann")
	}
	return m
}

func robotKey() any { return jwttest.ECKey(elliptic.P256()) }

// claims are those of an assertion of this client, which differ from a good one's in these; nil leaves one out.
func (m *machines) claims(client string, differ map[string]any) map[string]any {
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": client, "sub": client, "aud": m.issuer, "iat": now, "exp": now + 120,
		"jti": fmt.Sprintf("%d-%d", time.Now().UnixNano(), m.count.Add(1)),
	}
	maps.Copy(claims, differ)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// robot is an assertion of the machine "robot".
func (m *machines) robot(t *testing.T, differ map[string]any) string {
	t.Helper()
	return jwttest.Sign(t, "ES256", robotKey(), nil, m.claims("fleet|robot", differ))
}

// byAssertion is the form of a request with an assertion; pairs of further names and values.
func byAssertion(assertion string, pairs ...string) string {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

// A machine that knows the issuer alone finds the token endpoint, gets a token by its key, and is let in at every node.
func TestIssuingMachines(t *testing.T) {
	m := startMachines(t)
	described := send(t, http.MethodGet, m.issuer+"/.well-known/oauth-authorization-server", "", "MCP-Protocol-Version: 2025-11-25")
	if described.status != 200 || described.header.Get("Access-Control-Allow-Origin") != "*" || described.member("issuer") != m.issuer {
		t.Fatalf("metadata: %d %v %s", described.status, described.header, described.body)
	}
	preflight := send(t, http.MethodOptions, m.issuer+"/.well-known/oauth-authorization-server", "")
	head := send(t, http.MethodHead, m.issuer+"/.well-known/oauth-authorization-server", "")
	if preflight.status != 204 || preflight.header.Get("Access-Control-Allow-Headers") != "*" || head.status != 200 || head.body != "" {
		t.Errorf("OPTIONS: %d %v; HEAD: %d", preflight.status, preflight.header, head.status)
	}
	if other := send(t, http.MethodGet, m.issuer+"/.well-known/oauth-authorization-server/tenant", ""); other.status != 404 {
		t.Errorf("another issuer's metadata: %d %s", other.status, other.body)
	}
	var methods []string
	_ = json.Unmarshal([]byte(gjson.Get(described.body, "token_endpoint_auth_methods_supported").Raw), &methods)
	if !slices.Contains(methods, "private_key_jwt") {
		t.Errorf("methods %q", methods)
	}
	endpoint := described.member("token_endpoint")
	assertions := map[string]string{
		"robot": m.robot(t, nil),
		"drone": jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), map[string]any{"kid": "1"}, m.claims("fleet|drone", nil)),
	}
	for name, assertion := range assertions {
		g := send(t, http.MethodPost, endpoint, byAssertion(assertion, "resource", orders, "scope", "read"))
		if g.status != 200 || g.refresh != "" || g.member("scope") != "read" {
			t.Fatalf("%s: %d %s", name, g.status, g.body)
		}
		u, err := token.Parse(g.access)
		if err != nil {
			t.Fatal(err)
		}
		if claims := gjson.Parse(u.UntrustedPayload()); claims.Get("aud").Str != orders || claims.Get("sub").Str != name || claims.Get("iss").Str != m.issuer {
			t.Errorf("%s: %s", name, claims)
		}
		m.Accept(t, m.Node, rig.Bearer(g.access))
		m.Accept(t, m.second, rig.Bearer(g.access))
	}
}

// An assertion counts once in the cluster, one by one and at once; nothing but the machine's own key, for this issuer, makes one.
func TestIssuingMachinesAttacked(t *testing.T) {
	m := startMachines(t)
	at := func(node *gateway.Node, form string) granted {
		return send(t, http.MethodPost, node.URL+"/oauth/token", form)
	}
	used := m.robot(t, nil)
	if g := at(m.Node, byAssertion(used)); g.status != 200 {
		t.Fatalf("%d %s", g.status, g.body)
	}
	for name, node := range map[string]*gateway.Node{"same": m.Node, "other": m.second} {
		if g := at(node, byAssertion(used)); g.status != 401 || g.member("error") != "invalid_client" || g.access != "" {
			t.Errorf("a used assertion at the %s node: %d %s", name, g.status, g.body)
		}
	}
	raced := m.robot(t, nil)
	nodes := []*gateway.Node{m.Node, m.second}
	if got := atOnce(t, 20, func(i int) (granted, error) { return direct(nodes[i%2].URL+"/oauth/token", byAssertion(raced)) }); got[200] != 1 || got[401] != 19 {
		t.Errorf("one assertion at once at two nodes: %v", got)
	}
	claims := m.claims("fleet|robot", nil)
	for name, form := range map[string]string{
		"401 invalid_client: for another":        byAssertion(m.robot(t, map[string]any{"aud": "https://other.test"})),
		"401 invalid_client: for two":            byAssertion(m.robot(t, map[string]any{"aud": []string{m.issuer, "https://other.test"}})),
		"401 invalid_client: another client":     byAssertion(m.robot(t, map[string]any{"iss": "fleet|drone", "sub": "fleet|drone"})),
		"401 invalid_client: alg none":           byAssertion(jwttest.Sign(t, "none", nil, nil, claims)),
		"401 invalid_client: HS256 by its key":   byAssertion(jwttest.Sign(t, "HS256", jwttest.PublicPEM(robotKey()), nil, claims)),
		"401 invalid_client: the rule's secret":  byAssertion(jwttest.Sign(t, "HS256", "the secret of the fleet, of 32 characters", nil, claims)),
		"401 invalid_client: without an end":     byAssertion(m.robot(t, map[string]any{"exp": nil})),
		"401 invalid_client: an hour":            byAssertion(m.robot(t, map[string]any{"exp": time.Now().Unix() + 3600})),
		"401 invalid_client: without a jti":      byAssertion(m.robot(t, map[string]any{"jti": nil})),
		"400 invalid_request: two assertions":    byAssertion(m.robot(t, nil), "client_assertion", m.robot(t, nil)),
		"400 invalid_request: scope twice":       byAssertion(m.robot(t, nil), "scope", "read", "scope", "write"),
		"400 invalid_target: one of two foreign": byAssertion(m.robot(t, nil), "resource", orders, "resource", "https://evil.test/"),
		"400 invalid_scope: more":                byAssertion(m.robot(t, nil), "scope", "read admin"),
	} {
		if g := at(m.Node, form); !strings.HasPrefix(name, fmt.Sprintf("%d %s:", g.status, g.member("error"))) || g.access != "" {
			t.Errorf("%s: %d %s", name, g.status, g.body)
		}
	}

	// A session never gets more than its login, at whatever node.
	narrow := at(m.Node, passwordForm("fleet", "ann", rightPassword)+"&scope=read&resource="+url.QueryEscape(orders))
	if narrow.status != 200 {
		t.Fatalf("%d %s", narrow.status, narrow.body)
	}
	form := "grant_type=refresh_token&refresh_token=" + narrow.refresh
	for more, want := range map[string]string{
		"&scope=read+write":                      "invalid_scope",
		"&resource=" + url.QueryEscape(invoices): "invalid_target",
		"&resource=" + url.QueryEscape(orders) + "&resource=" + url.QueryEscape(invoices): "invalid_target",
	} {
		if g := at(m.second, form+more); g.status != 400 || g.member("error") != want {
			t.Errorf("%s: %d %s", more, g.status, g.body)
		}
	}
	next := at(m.second, form)
	u, err := token.Parse(next.access)
	if err != nil {
		t.Fatalf("%d %s", next.status, next.body)
	}
	if got := gjson.Get(u.UntrustedPayload(), "scope").Str + " " + gjson.Get(u.UntrustedPayload(), "aud").Str; got != "read "+orders {
		t.Errorf("the refreshed token is for %s", got)
	}
}
