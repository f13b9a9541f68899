package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

func TestStatusPage(t *testing.T) {
	e := rig.Shared(t)
	i := rig.StartKeyIssuer(t)
	i.SetKeys(i.A, i.B.With("use", "enc"))
	before := rig.Status(t, e.Node)
	e.Add(t, rig.KeyApp("Counted", i.KeyRule(nil)))
	raw := rig.TokenOf(t, "A")
	e.Accept(t, e.Node, rig.InHeader("X-Counted", rig.TokenOf(t, "A")))
	warm := rig.Status(t, e.Node).Count("accepted", "counted@app", "A")
	began := time.Now().Add(-time.Second)
	for range 5 {
		e.Accept(t, e.Node, rig.InHeader("X-Counted", raw))
	}
	for range 3 {
		e.Refuse(t, e.Node, rig.InHeader("X-Counted", rig.TokenOf(t, "B")))
	}
	after := rig.Status(t, e.Node)
	if after.Rules != before.Rules+1 || after.Users != before.Users+1 || after.Faults != before.Faults {
		t.Errorf("%d rules, %d users, %d faults, before %d, %d, %d", after.Rules, after.Users, after.Faults, before.Rules, before.Users, before.Faults)
	}
	if n := after.Count("accepted", "counted@app", "A") - warm; n != 5 { // the host writes the application's name small
		t.Errorf("%d accepted requests are counted, want 5: %+v", n, after.Requests)
	}
	if n := after.Count("key_unknown", "", "") - before.Count("key_unknown", "", ""); n < 3 {
		t.Errorf("%d refused requests are counted, want 3 or more", n)
	}
	for _, one := range after.Requests {
		if one.KeyID == "B" && one.Reason != "accepted" { // an accepted token was verified
			t.Errorf("a key ID of a token that was not verified is counted: %+v", one)
		}
		if one.Application == "counted@app" && (one.LastUsed.Before(began) || one.LastUsed.After(time.Now().Add(time.Second))) {
			t.Errorf("last used %s", one.LastUsed)
		}
	}
	set := i.KeySet(t, e.Node)
	if len(set.Keys) != 1 || set.Keys[0].ID != "A" || len(set.Keys[0].Algorithms) != 1 || set.Keys[0].Thumbprint == "" || set.Fetches != i.Requests("") ||
		set.FromDisk || set.LastSuccess.Before(began.Add(-10*time.Second)) || !set.NextFetch.After(time.Now()) {
		t.Errorf("got %+v", set)
	}
}

// The status names what is doubtful in force, and where a token stands that no rule looks at.
func TestStatusOfDoubts(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("doubtful", gateway.Auth{
		Position: "header", TokenName: "X-Doubtful", Config: gateway.Rule{"algorithm": "HS256", "secret": "short", "path": "sub"},
		Users: []gateway.User{{Name: "ann"}},
	}))
	unknown := rig.InHeader("X-Doubtful", jwttest.Sign(t, "HS256", "short", nil, rig.Claims{"sub": "eve"}))
	rig.Within(t, rig.Settle, func() error {
		for _, one := range rig.Status(t, e.Node).Warnings {
			if one.Application == "doubtful@app" && strings.HasPrefix(one.Warning, "config.secret: ") {
				return nil
			}
		}
		return errors.New("there is no warning of the short secret")
	})
	before := rig.Status(t, e.Node)
	e.Refuse(t, e.Node, unknown)
	e.Refuse(t, e.Node, rig.Call{})
	const hint = "a token stands in a query parameter that no rule looks at"
	misplaced := rig.InQuery("nowhere", rig.AnchorToken(t))
	path := rig.NewPath("/t/")
	if err := e.SendTo(t, e.Node, path, misplaced).Refused(); err != nil {
		t.Error(err)
	}
	entry, err := e.Node.AccessEntry(t.Context(), e.Log, "uri", path+"?"+misplaced.Query.Encode())
	if err != nil || entry["jwt_hint"] != hint || entry["jwt_result"] != "" {
		t.Errorf("%v, logged %v", err, entry)
	}
	after := rig.Status(t, e.Node)
	if after.Count("user_unknown", "doubtful@app", "") <= before.Count("user_unknown", "doubtful@app", "") {
		t.Errorf("an unknown user is not counted by the application: %+v", after.Requests)
	}
	if n := after.Count("token_missing", "", "") - before.Count("token_missing", "", ""); n < 2 {
		t.Errorf("%d requests without a token are counted, want 2 or more", n)
	}
	if len(after.Hints) == 0 || !slices.ContainsFunc(after.Hints, func(h rig.HintCount) bool { return h.Hint == hint && h.Count > 0 }) {
		t.Errorf("hints %+v", after.Hints)
	}
}

// metricLine is a sample in Prometheus's text format.
var metricLine = regexp.MustCompile(`^[a-z_]+(\{reason="[a-z_]+",application="([^"\\]|\\["\\n])*",kid="([^"\\]|\\["\\n])*"\})? [0-9]+$`)

func TestMetricsPage(t *testing.T) {
	e := rig.Shared(t)
	for range 2 {
		e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t)))
	}
	body, err := e.Node.Call(t.Context(), http.MethodGet, "/apinto/jwt/metrics", nil)
	must.Succeed(t, err)
	for line := range strings.Lines(string(body)) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "# ") && !metricLine.MatchString(line) {
			t.Errorf("no sample: %q", line)
		}
	}
	n := rig.Status(t, e.Node).Count("accepted", "anchor@app", "")
	for _, want := range []string{
		fmt.Sprintf("apinto_jwt_requests_total{reason=\"accepted\",application=\"anchor@app\",kid=\"\"} %d\n", n),
		"apinto_jwt_last_used_timestamp_seconds{reason=\"accepted\",application=\"anchor@app\",kid=\"\"} ",
		"# TYPE apinto_jwt_requests_total counter\n", "apinto_jwt_internal_faults_total 0\n",
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %q in %s", want, body)
		}
	}
}

// The pages stand at the admin address alone, and nothing can be changed there.
func TestStatusIsNotForEverybody(t *testing.T) {
	e := rig.Shared(t)
	for _, page := range []string{"/apinto/jwt/status", "/apinto/jwt/metrics"} {
		response, err := rig.Client.Get(e.Node.URL + page)
		must.Succeed(t, err)
		response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("the gateway's own address answers %s with %d", page, response.StatusCode)
		}
		for _, method := range []string{http.MethodPost, http.MethodDelete} {
			if _, err := e.Node.Call(t.Context(), method, page, nil); err == nil {
				t.Errorf("%s %s is answered", method, page)
			}
		}
	}
}

// The dashboard's form has every field, with its default if there is one.
func TestFormOfTheNewFields(t *testing.T) {
	e := rig.Shared(t)
	body, err := e.Node.Call(t.Context(), http.MethodGet, "/setting/auth", nil)
	must.Succeed(t, err)
	var types []struct {
		Name   string `json:"name"`
		Render struct {
			Properties map[string]struct {
				Properties map[string]struct {
					Type    string   `json:"type"`
					Label   string   `json:"label"`
					Default any      `json:"default"`
					Enum    []string `json:"enum"`
				} `json:"properties"`
			} `json:"properties"`
		} `json:"render"`
	}
	must.Succeed(t, json.Unmarshal(body, &types))
	for _, one := range types {
		if one.Name != "jwt" {
			continue
		}
		fields := one.Render.Properties["config"].Properties
		for name, kind := range map[string]string{
			"jwks": "string", "jwks_uri": "string", "jwks_refresh": "integer", "jwks_max_stale": "integer", "jwks_ca": "string",
			"jwks_allow_http": "boolean", "audience": "array", "leeway": "integer", "max_lifetime": "integer", "token_type": "string",
			"required_claims": "", "cookie_name": "string", "claims_to_labels": "",
		} {
			field, ok := fields[name]
			if !ok || field.Label == "" || kind != "" && field.Type != kind {
				t.Errorf("%s: %+v", name, field)
			}
		}
		if got := len(fields["algorithm"].Enum); got != 14 {
			t.Errorf("%d algorithms are offered: %v", got, fields["algorithm"].Enum)
		}
		if got := fmt.Sprint(fields["jwks_refresh"].Default); got != "600" {
			t.Errorf("the default of jwks_refresh is %s", got)
		}
		return
	}
	t.Errorf("no jwt in %s", body)
}
