package driver

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/token"
)

const explainPath = "/apinto/jwt/explain"

// explained is what the test looks at of an explanation.
type explained struct {
	Reason      string `json:"reason"`
	Step        string `json:"step"`
	Application string `json:"application"`
	Remedy      string `json:"remedy"`
}

// What the gateway answers to a request, explain tells of it: by the token, by the request, and by what the access log has.
func TestExplain(t *testing.T) {
	e := rig.Shared(t)
	const secret = "a secret of the test of explain, of 48 bytes in all"
	e.Add(t, gateway.JWTApp("explained", gateway.Auth{
		Position: "header", TokenName: "X-Explained",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub", "iss": "https://issuer.test"},
		Users:  []gateway.User{{Name: "ann"}},
	}))
	tool := rig.Jwtctl(t, e.Node)
	sign := func(claims rig.Claims) string { return jwttest.Sign(t, "HS256", secret, nil, claims) }
	good := sign(rig.Claims{"sub": "ann", "iss": "https://issuer.test"})
	e.Accept(t, e.Node, rig.InHeader("X-Explained", good))
	before := rig.Status(t, e.Node)

	if out, code := tool.With("Bearer "+good, "explain"); code != 0 || !strings.HasPrefix(out, "accepted\n") || !strings.Contains(out, "explained@app") {
		t.Errorf("exit status %d: %s", code, out)
	}
	for name, test := range map[string]struct{ credential, reason, says string }{
		"slash":        {sign(rig.Claims{"sub": "ann", "iss": "https://issuer.test/"}), "issuer_mismatch", "but for a slash at the end in iss"},
		"expired":      {sign(rig.Claims{"sub": "ann", "iss": "https://issuer.test", "exp": 1}), "token_expired", "config.leeway"},
		"unknown user": {sign(rig.Claims{"sub": "Ann", "iss": "https://issuer.test"}), "user_unknown", `the rule has "ann"`},
		"Bearer twice": {"Bearer Bearer " + good, "token_malformed", "Bearer, which stands there twice"},
	} {
		out, code := tool.With(test.credential, "explain", "-")
		if code != 1 || !strings.HasPrefix(out, "refused: "+test.reason+"\n") || !strings.Contains(out, test.says) {
			t.Errorf("%s: exit status %d: %s", name, code, out)
		}
	}
	request := "GET /t/x HTTP/1.1\nHost: gateway.test\nX-Token: " + good + "\n\n"
	if out, code := tool.With(request, "explain", "--request", "-"); code != 1 || !strings.Contains(out, "header X-Token, where no rule looks") {
		t.Errorf("exit status %d: %s", code, out)
	}
	after := rig.Status(t, e.Node)
	if n := after.Count("issuer_mismatch", "", "") - before.Count("issuer_mismatch", "", ""); n != 0 {
		t.Errorf("%d explained tokens were counted as requests", n)
	}
}

// A refusal is explained after the fact by the fingerprint that stands in the access log.
func TestExplainAfterTheFact(t *testing.T) {
	e := rig.Shared(t)
	tool := rig.Jwtctl(t, e.Node)
	raw := jwttest.Sign(t, "HS256", rig.AnchorSecret, nil, rig.Claims{"sub": "nobody-" + time.Now().Format("150405.000")})
	got := e.Refuse(t, e.Node, rig.Bearer(raw))
	entry, err := e.Node.AccessEntry(t.Context(), e.Log, "uri", got.Path)
	must.Succeed(t, err)
	if entry["jwt_fingerprint"] != token.Fingerprint(raw) {
		t.Fatalf("logged %v", entry)
	}
	out, code := tool.Run("explain", "--json", entry["jwt_fingerprint"])
	var answer explained
	must.Succeed(t, json.Unmarshal([]byte(out), &answer))
	if code != 1 || answer.Reason != "user_unknown" || answer.Step != "user" || answer.Application != "anchor@app" || answer.Remedy == "" {
		t.Errorf("exit status %d: %s", code, out)
	}
	if out, code := tool.Run("explain", "sha256:0000000000000000"); code != 1 || !strings.Contains(out, "no such refusal") {
		t.Errorf("a fingerprint that nobody has sent: exit status %d: %s", code, out)
	}
}

// Explanations stand at the admin address alone, and no page of another origin gets one.
func TestExplainIsNotForEverybody(t *testing.T) {
	e := rig.Shared(t)
	send := func(address string, change func(*http.Request)) int {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+explainPath, strings.NewReader(`{"token":"x"}`))
		must.Succeed(t, err)
		request.Header.Set("Content-Type", "application/json")
		change(request)
		response, err := rig.Client.Do(request)
		must.Succeed(t, err)
		defer response.Body.Close()
		return response.StatusCode
	}
	for name, test := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"as it is":       {func(*http.Request) {}, 200},
		"another origin": {func(r *http.Request) { r.Header.Set("Origin", "http://evil.test") }, 403},
		"its own origin": {func(r *http.Request) { r.Header.Set("Origin", e.Node.AdminURL) }, 200},
		"cross-site":     {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"rebound name":   {func(r *http.Request) { r.Host = "evil.test" }, 403},
		"a form":         {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
	} {
		if got := send(e.Node.AdminURL, test.change); got != test.want {
			t.Errorf("%s: status %d, want %d", name, got, test.want)
		}
	}
	if got := send(e.Node.URL, func(*http.Request) {}); got != http.StatusUnauthorized {
		t.Errorf("the gateway's own address answers with %d", got)
	}
	_, err := e.Node.Call(t.Context(), http.MethodGet, explainPath, nil)
	var refused *gateway.AdminError
	if !errors.As(err, &refused) || refused.Status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v", err)
	}
}
