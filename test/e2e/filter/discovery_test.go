package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// wellKnown is where the metadata of protected resources stands (RFC 9728 §3).
const wellKnown = "/.well-known/oauth-protected-resource"

// reply is an answer with its header.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request, with header lines as "Name: value". The path is sent as it is written.
func ask(t *testing.T, e *rig.Filter, method, path, body string, lines ...string) reply {
	t.Helper()
	request, err := http.NewRequest(method, e.Node.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.URL.Opaque = path
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			request.Host = value
			continue
		}
		request.Header[name] = append(request.Header[name], value) // as written: case is a client's choice
	}
	response, err := rig.Client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{response.StatusCode, response.Header, string(content)}
}

// authParam is a parameter of a challenge (RFC 9110 §11.2).
var authParam = regexp.MustCompile(`^([a-z_]+)="((?:[^"\\]|\\.)*)"(?:, )?`)

// challenge reads the one challenge of an answer, by parameter.
func (r reply) challenge(t *testing.T) map[string]string {
	t.Helper()
	lines := r.header.Values("WWW-Authenticate")
	if len(lines) != 1 {
		t.Fatalf("%d challenges: %q", len(lines), lines)
	}
	rest, bearer := strings.CutPrefix(lines[0], "Bearer ")
	params := map[string]string{}
	for bearer && rest != "" {
		found := authParam.FindStringSubmatch(rest)
		if found == nil {
			t.Fatalf("%q is no challenge", lines[0])
		}
		if _, twice := params[found[1]]; twice {
			t.Errorf("%s is there twice: %q", found[1], lines[0])
		}
		params[found[1]], rest = found[2], rest[len(found[0]):]
	}
	return params
}

// publishResources makes the route that has the metadata of all resources.
func publishResources(t *testing.T, e *rig.Filter) {
	t.Helper()
	endpoint := gateway.Endpoint{Kind: "resource", Location: wellKnown + "*", Methods: []string{"GET", "HEAD", "OPTIONS", "POST"}}
	if err := e.Node.Create(t.Context(), endpoint); err != nil {
		t.Fatal(err)
	}
}

// One route has the documents of all resources, each where RFC 9728 §3.1 puts it, for scripts of any origin. All else is 404.
func TestResourceDocuments(t *testing.T) {
	e := rig.SharedFilter(t)
	publishResources(t, e)
	described := map[string]any{
		"resource": e.Node.URL + "/d-one", "authorization_servers": []string{"https://login.test/a", "https://login.test/b/"},
		"scopes_supported": []string{"read", "write"}, "resource_name": `a "name"`, "resource_documentation": "https://docs.test/?a=1#b",
		"resource_policy_uri": "https://docs.test/policy", "resource_tos_uri": "https://docs.test/tos",
	}
	e.MustPut(t, rig.WithFilter("d-one", described, true))
	for name, resource := range map[string]string{
		"d-deep": e.Node.URL + "/d-one/deep", "d-case": strings.Replace(e.Node.URL, "http", "HTTP", 1) + "/D-Case",
		"d-other": "https://other.test/d-one", "d-slash": e.Node.URL + "/d-slash/", "d-root": e.Node.URL + "/", "d-escaped": e.Node.URL + "/d%2Fescaped",
	} {
		e.MustPut(t, rig.WithFilter(name, map[string]any{"resource": resource}, true))
	}
	own := strings.TrimPrefix(e.Node.URL, "http://")
	for path, want := range map[string]string{
		"/d-one": e.Node.URL + "/d-one", "/d-one?x=1": e.Node.URL + "/d-one", "/d-one/deep": e.Node.URL + "/d-one/deep", "/D-Case": e.Node.URL + "/D-Case",
		"/d-slash/": e.Node.URL + "/d-slash/", "": e.Node.URL, "/d%2Fescaped": e.Node.URL + "/d%2Fescaped",
	} {
		var got reply
		rig.Within(t, rig.Settle, func() error {
			if got = ask(t, e, "GET", wellKnown+path, ""); got.status != http.StatusOK {
				return fmt.Errorf("%s: %d %s", path, got.status, got.body)
			}
			return nil
		})
		var document struct{ Resource string }
		if err := json.Unmarshal([]byte(got.body), &document); err != nil || strings.TrimSuffix(document.Resource, "/") != strings.TrimSuffix(want, "/") {
			t.Errorf("%s: %s, want %s (%v)", path, got.body, want, err)
		}
		if kind, cors := got.header.Get("Content-Type"), got.header.Values("Access-Control-Allow-Origin"); kind != "application/json" || !slices.Equal(cors, []string{"*"}) {
			t.Errorf("%s: Content-Type %q, Access-Control-Allow-Origin %q", path, kind, cors)
		}
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(ask(t, e, "GET", wellKnown+"/d-one", "").body), &document); err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(described)
	want["bearer_methods_supported"] = []string{"header"}
	if got, want := fmt.Sprint(document), fmt.Sprint(want); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ask(t, e, "GET", wellKnown+"/d-one", "", "Host: other.test"); !strings.Contains(got.body, `"https://other.test/d-one"`) {
		t.Errorf("the other host's: %d %s", got.status, got.body)
	}
	for path, host := range map[string]string{
		"/d-one": "evil.test", "/d-two": own, "/D-one": own, "/d-one/": own, "/d-one/deep/er": own, "/d-one/deep/": own, "/d-slash": own,
		"x": own, ".json": own, "/d-one;x": own, "/d-one%00": own, "/d-one%2F": own, "/.": own,
	} {
		if got := ask(t, e, "GET", wellKnown+path, "", "Host: "+host); got.status != http.StatusNotFound || strings.Contains(got.body, "login.test") {
			t.Errorf("%s at %s: %d %s", path, host, got.status, got.body)
		}
	}
	if got := ask(t, e, "HEAD", wellKnown+"/d-one", ""); got.status != http.StatusOK || got.body != "" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("HEAD: %d %v", got.status, got.header)
	}
	preflight := ask(t, e, "OPTIONS", wellKnown+"/d-one", "", "Origin: https://app.test", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: mcp-protocol-version")
	allowed := strings.ToLower(preflight.header.Get("Access-Control-Allow-Headers"))
	if preflight.status/100 != 2 || preflight.header.Get("Access-Control-Allow-Origin") != "*" || allowed != "*" && !strings.Contains(allowed, "mcp-protocol-version") {
		t.Errorf("preflight: %d %v", preflight.status, preflight.header)
	}
	if got := ask(t, e, "POST", wellKnown+"/d-one", "a=b"); got.status != http.StatusMethodNotAllowed || !strings.Contains(got.header.Get("Allow"), "GET") {
		t.Errorf("POST: %d %v", got.status, got.header)
	}
}

// A refusal is one challenge that has all a client needs, and that a script may read. Tokens of other resources are another's.
func TestResourceChallenges(t *testing.T) {
	e := rig.SharedFilter(t)
	resource := e.Node.URL + "/d-challenge"
	e.MustPut(t, rig.WithFilter("d-challenge", map[string]any{
		"resource": resource, "scopes": []string{"read", "list"}, "scope_implies": map[string]any{"all": []string{"write"}, "write": []string{"read", "list", "all"}},
	}, true))
	signed := func(claims rig.Claims) rig.Call { return rig.Bearer(rig.FilterToken(t, "shop", claims)) }
	e.Settles(t, "d-challenge", signed(rig.Claims{"aud": resource, "scope": "read list"}), "upstream")
	for _, good := range []rig.Claims{
		{"aud": []string{"https://a.test", resource}, "scope": "list read more"},
		{"aud": resource, "scp": []string{"read", "list"}},
		{"aud": resource, "scope": "write"},
		{"aud": resource, "scope": "all"},
	} {
		if got := e.On(t, "d-challenge", signed(good)).Said(); got != "upstream" {
			t.Errorf("%v: %s", good, got)
		}
	}
	for name, test := range map[string]struct {
		call   rig.Call
		status int
		fault  string
	}{
		"none":           {rig.Call{}, 401, ""},
		"forged":         {rig.Bearer(rig.FilterToken(t, "shop", nil) + "x"), 401, "invalid_token"},
		"expired":        {signed(rig.Claims{"aud": resource, "scope": "read list", "exp": 1}), 401, "invalid_token"},
		"no audience":    {signed(rig.Claims{"scope": "read list"}), 401, "invalid_token"},
		"another's":      {signed(rig.Claims{"aud": e.Node.URL + "/d-one", "scope": "read list"}), 401, "invalid_token"},
		"the origin":     {signed(rig.Claims{"aud": e.Node.URL, "scope": "read list"}), 401, "invalid_token"},
		"below":          {signed(rig.Claims{"aud": resource + "/a", "scope": "read list"}), 401, "invalid_token"},
		"begins alike":   {signed(rig.Claims{"aud": resource + "s", "scope": "read list"}), 401, "invalid_token"},
		"a slash":        {signed(rig.Claims{"aud": resource + "/", "scope": "read list"}), 401, "invalid_token"},
		"a fragment":     {signed(rig.Claims{"aud": resource + "#a", "scope": "read list"}), 401, "invalid_token"},
		"another case":   {signed(rig.Claims{"aud": strings.ToUpper(resource), "scope": "read list"}), 401, "invalid_token"},
		"one scope":      {signed(rig.Claims{"aud": resource, "scope": "read"}), 403, "insufficient_scope"},
		"no scope":       {signed(rig.Claims{"aud": resource}), 403, "insufficient_scope"},
		"scope's case":   {signed(rig.Claims{"aud": resource, "scope": "READ list"}), 403, "insufficient_scope"},
		"a comma":        {signed(rig.Claims{"aud": resource, "scope": "read,list"}), 403, "insufficient_scope"},
		"scope, not scp": {signed(rig.Claims{"aud": resource, "scope": "", "scp": "read list"}), 403, "insufficient_scope"},
		"two":            {rig.Call{Header: http.Header{"Authorization": {"Bearer a.b.c", "Bearer d.e.f"}}}, 400, "invalid_request"},
	} {
		var lines []string
		for _, value := range test.call.Header["Authorization"] {
			lines = append(lines, "Authorization: "+value)
		}
		got := ask(t, e, "GET", "/d-challenge/x", "", append(lines, "Origin: https://app.test")...)
		params := got.challenge(t)
		if got.status != test.status || params["error"] != test.fault || params["resource_metadata"] != e.Node.URL+wellKnown+"/d-challenge" {
			t.Errorf("%s: %d %v %s", name, got.status, params, got.body)
		}
		if scope := params["scope"]; test.status != 400 && scope != "read list" {
			t.Errorf("%s: scope %q", name, scope)
		}
		if exposed := got.header.Values("Access-Control-Expose-Headers"); !slices.Equal(exposed, []string{"WWW-Authenticate"}) {
			t.Errorf("%s: Access-Control-Expose-Headers %q", name, exposed)
		}
	}
	if seen := e.Upstream.Seen("/d-challenge/x"); len(seen) > 0 {
		t.Errorf("the upstream has seen %v", seen)
	}
}

// How and when the user has logged in (RFC 9470): what is asked for stands in the one challenge, before scopes.
func TestStepUpChallenges(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("d-stepup", map[string]any{"acr_values": []string{"gold", "urn:a:silver"}, "max_age": 300, "scopes": []string{"read"}}, true))
	now := time.Now().Unix()
	e.Settles(t, "d-stepup", rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"acr": "gold", "auth_time": now - 5, "scope": "read"})), "upstream")
	for name, test := range map[string]struct {
		acr, authTime any
		want          string // error of the challenge; empty: let in
	}{
		"the second": {"urn:a:silver", now, ""}, "a fraction": {"gold", float64(now) - 0.5, ""}, "a clock ahead": {"gold", now + 30, ""},
		"another": {"bronze", now, "login"}, "none": {nil, now, "login"}, "case": {"Gold", now, "login"}, "a list": {[]string{"gold"}, now, "login"},
		"two in one": {"gold urn:a:silver", now, "login"}, "empty": {"", now, "login"},
		"too old": {"gold", now - 400, "login"}, "no time": {"gold", nil, "login"}, "a text": {"gold", fmt.Sprint(now), "login"}, "true": {"gold", true, "login"},
		"tomorrow": {"gold", now + 86400, "login"}, "negative": {"gold", -1, "login"}, "far": {"gold", 1e300, "login"}, "far back": {"gold", -1e300, "login"},
	} {
		claims := rig.Claims{"acr": test.acr, "auth_time": test.authTime, "scope": "read"}
		maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
		got := ask(t, e, "GET", rig.NewPath("/d-stepup/"), "", "Authorization: Bearer "+rig.FilterToken(t, "shop", claims))
		if test.want == "" {
			if got.status != http.StatusOK {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
			continue
		}
		params := got.challenge(t)
		if got.status != http.StatusUnauthorized || params["error"] != "insufficient_user_authentication" || params["acr_values"] != "gold urn:a:silver" || params["max_age"] != "300" {
			t.Errorf("%s: %d %v %s", name, got.status, params, got.body)
		}
	}
	got := ask(t, e, "GET", "/d-stepup/x", "", "Authorization: Bearer "+rig.FilterToken(t, "shop", rig.Claims{"acr": "bronze", "auth_time": now}))
	if params := got.challenge(t); got.status != http.StatusUnauthorized || params["error"] != "insufficient_user_authentication" {
		t.Errorf("login and scope: %d %v", got.status, params)
	}
}
