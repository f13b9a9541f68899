package filter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/rig"
)

// Numbers in claims are JSON values: the same value to the last digit, whatever its spelling, in a rule and in the filter.
func TestNumbersInClaims(t *testing.T) {
	e := rig.SharedFilter(t)
	numbers := []struct {
		name, want string
		equal      []string
		other      []string
	}{
		{"two", `2`, []string{`2`, `2.0`, `2e0`, `20e-1`, `0.2E+1`, `[3,2.0]`, `2.00000000000000000000000000`}, []string{`"2"`, `2.0000000000000000000000001`, `-2`, `true`, `null`, `[[2]]`, `{"a":2}`, `1E400`}},
		{"hundred", `1e2`, []string{`100`, `1e2`, `1.0E2`, `10000e-2`}, []string{`"100"`, `"1e2"`, `101`, `1e3`}},
		{"zero", `-0`, []string{`0`, `-0`, `0.0`, `-0.0e9`, `0e999999999`}, []string{`"0"`, `false`, `""`, `1e-400`, `null`}},
		{"tenth", `0.1`, []string{`0.1`, `1e-1`, `0.10`}, []string{`0.1000000000000000055511151231257827`, `"0.1"`}},
		{"text", `"2"`, []string{`"2"`, `2`, `2.0`, `2e0`}, []string{`"2.0"`, `3`, `"2 "`, `true`}},
		{"big", `"9007199254740993"`, []string{`9007199254740993`, `"9007199254740993"`, `9007199254740993.0`}, []string{`9007199254740992`, `9007199254740994`, `"9007199254740992"`}},
		{"huge", `"1E400"`, []string{`1E400`, `10e399`, `"1E400"`}, []string{`1E401`, `1E399`, `"1e400"`, `1e999999999`, `1e99999999999999999999`, `-1E400`}},
		{"wide", `"1e999999999"`, []string{`1e999999999`, `10e999999998`}, []string{`1e999999998`, `1e1000000000`, `2e999999999`}},
		{"most", `9007199254740991`, []string{`9007199254740991`, `9007199254740991.0`}, []string{`9007199254740990`, `9007199254740991.5`}},
		{"truth", `"true"`, []string{`true`, `"true"`}, []string{`1`, `false`, `"True"`}},
		{"flag", `true`, []string{`true`}, []string{`"true"`, `1`, `null`}},
		{"mixture", `2,"9007199254740993",true`, []string{`2`, `[1,2.00]`, `9007199254740993`, `"9007199254740993"`, `true`}, []string{`"2"`, `2.1`, `9007199254740992`, `9007199254740994`, `"true"`, `null`}},
	}
	checks := 0
	e.MustPut(t, rig.Route{Name: "a-num-app", Plugins: map[string]any{}})
	for _, n := range numbers {
		app := rig.FilterApp("accn" + n.name)
		app.Auth[0].TokenName = "X-Accn-" + n.name
		app.Auth[0].Config["required_claims"] = json.RawMessage(`{"n":[` + n.want + `]}`)
		e.Add(t, app)
		e.MustPut(t, rig.WithFilter("a-num-"+n.name, map[string]any{"claims": json.RawMessage(`{"n":[` + n.want + `]}`)}, true))
		sign := func(secret, value string) string {
			return jwttest.SignRaw(t, "HS256", rig.FilterSecret(secret), []byte(`{"alg":"HS256"}`), []byte(`{"sub":"ann","n":`+value+`}`))
		}
		e.Settles(t, "a-num-"+n.name, rig.Bearer(sign("shop", n.equal[0])), "upstream")
		rig.Within(t, rig.Settle, func() error {
			return e.On(t, "a-num-app", rig.InHeader(app.Auth[0].TokenName, sign("accn"+n.name, n.equal[0]))).Accepted()
		})
		for i, value := range append(append([]string{}, n.equal...), n.other...) {
			start := time.Now()
			filter := e.On(t, "a-num-"+n.name, rig.Bearer(sign("shop", value)))
			rule := e.On(t, "a-num-app", rig.InHeader(app.Auth[0].TokenName, sign("accn"+n.name, value)))
			if took := time.Since(start); took > time.Second {
				t.Errorf("%s: %s took %s", n.want, value, took)
			}
			want := i < len(n.equal)
			if got := filter.Said() == "upstream"; got != want {
				t.Errorf("filter, %s for %s: %s", value, n.want, filter.Said())
			}
			if got := rule.Status == 200; got != want {
				t.Errorf("rule, %s for %s: %d", value, n.want, rule.Status)
			}
			checks += 2
		}
	}
	t.Logf("%d checks", checks)
}

// Numbers that cannot be compared to the last digit are refused when they are saved, as those of rules are.
func TestNumbersRefusedWhenSaved(t *testing.T) {
	e := rig.SharedFilter(t)
	for _, claims := range []string{`{"n":[9007199254740993]}`, `{"n":[1e300]}`, `{"n":[-9007199254740992]}`, `{"n":[0.12345678901234567]}`} {
		err := e.Put(t.Context(), rig.WithFilter("a-saved", map[string]any{"claims": json.RawMessage(claims)}, true))
		if err == nil || !strings.Contains(err.Error(), "claims") {
			t.Errorf("filter with claims %s: %v", claims, err)
		}
	}
}
