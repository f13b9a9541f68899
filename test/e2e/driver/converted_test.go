package driver

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// examples are the configurations of other gateways that the converter's own tests have.
const examples = "../../../cmd/jwtctl/internal/convert/testdata"

// convertedTokens are tokens that were good at the source, and one that was not, by the example's name.
func convertedTokens(t *testing.T) map[string]struct{ good, bad []rig.Call } {
	t.Helper()
	secret := func(of string) string { return "secret-of-" + of + "-that-is-long-enough-for-hs256" }
	sign := func(of string, claims rig.Claims) string { return jwttest.Sign(t, "HS256", secret(of), nil, claims) }
	const later = 4102444800
	now := time.Now().Unix()
	mobile := func(lifetime int64) string {
		return sign("mobile", rig.Claims{"iss": "mobile", "iat": now, "exp": now + lifetime})
	}
	return map[string]struct{ good, bad []rig.Call }{
		"kong.yaml": {
			[]rig.Call{rig.Bearer(mobile(1800)), rig.InQuery("jwt", mobile(1800))},
			[]rig.Call{rig.Bearer(mobile(7200)), rig.Bearer(sign("mobile", rig.Claims{"iss": "partner", "iat": now, "exp": now + 1800}))},
		},
		"apisix.yaml": {
			[]rig.Call{rig.InHeader("X-Token", sign("jack", rig.Claims{"key": "jack-key", "exp": later})), rig.InQuery("jwt", sign("jack", rig.Claims{"key": "jack-key", "exp": later}))},
			[]rig.Call{rig.InHeader("X-Token", sign("jack", rig.Claims{"key": "jill-key", "exp": later})), rig.InHeader("X-Token", sign("jack", rig.Claims{"key": "jack-key"}))},
		},
		"tyk-classic.json": {
			[]rig.Call{rig.InHeader("X-JWT", sign("classic", rig.Claims{"user": "ann"}))},
			[]rig.Call{rig.InHeader("X-JWT", sign("classic", rig.Claims{"sub": "ann"})), rig.InHeader("X-JWT", sign("mobile", rig.Claims{"user": "ann"}))},
		},
		"apinto.json": {
			[]rig.Call{rig.Bearer(sign("shop", rig.Claims{"iss": "apinto", "name": "John Doe", "exp": 1}))}, // the builtin does not look at exp
			[]rig.Call{rig.Bearer(sign("shop", rig.Claims{"iss": "apinto", "name": "Jane Doe"}))},
		},
	}
}

// What "jwtctl convert" makes of other gateways' configurations is what this one takes, call by call, and it accepts what they
// accepted. "jwtctl lint" finds no entry in it that is set aside.
func TestConverted(t *testing.T) {
	e := rig.Own(t)
	tool := filepath.Join(t.TempDir(), "jwtctl")
	must.Succeed(t, gateway.BuildTool(t.Context(), tool, os.Stderr))
	files, err := filepath.Glob(filepath.Join(examples, "*.[jy]*"))
	must.Succeed(t, err)
	tokens, calls := convertedTokens(t), 0
	for _, file := range files {
		name := filepath.Base(file)
		source, _, _ := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "-")
		t.Run(name, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), tool, "convert", "--from", source, "--json", file).Output()
			must.Succeed(t, err)
			var made struct {
				Calls []struct {
					Method, Path string
					Body         json.RawMessage
				}
			}
			must.Succeed(t, json.Unmarshal(out, &made))
			for _, call := range made.Calls {
				calls++
				var app struct{ Name string }
				must.Succeed(t, json.Unmarshal(call.Body, &app))
				if _, err := e.Node.Call(t.Context(), call.Method, call.Path, call.Body); err != nil {
					t.Errorf("%s: %v", app.Name, err)
				}
				defer func() { _ = e.Node.Delete(t.Context(), gateway.App{Name: app.Name}) }()
			}
			for _, call := range tokens[name].good {
				e.Accept(t, e.Node, call)
			}
			for _, call := range tokens[name].bad {
				e.Refuse(t, e.Node, call)
			}
			found, _ := exec.CommandContext(t.Context(), tool, "lint", "--admin", e.Node.AdminURL, "--json").Output() // it has findings
			if !json.Valid(found) || strings.Contains(string(found), `"JWT001"`) {
				t.Errorf("lint says %s", found)
			}
		})
	}
	if calls < 15 {
		t.Errorf("%d calls", calls)
	}
}
