package filter

import (
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// Names of headers are the same in any case (RFC 9110 §5.1), those of cookies and query parameters are not.
func TestNamesInMixedCase(t *testing.T) {
	e := rig.SharedFilter(t)
	app := rig.FilterApp("acccase")
	app.Auth[0].TokenName, app.Auth[0].Config["cookie_name"] = "x_aCC-cASE", "AcC_cAsE"
	query := app.Auth[0]
	query.Position, query.TokenName = "query", "AccCase"
	app.Auth = append(app.Auth, query)
	e.Add(t, app)
	e.MustPut(t, rig.WithFilter("a-case", map[string]any{"claims_to_headers": map[string]any{"sub": "x-AcC-uSER"}}, true))
	e.MustPut(t, rig.Route{Name: "a-case-app", Plugins: map[string]any{}})
	token := rig.FilterToken(t, "acccase", nil)
	e.Settles(t, "a-case", rig.InQuery("AccCase", token), "upstream")
	e.Settles(t, "a-case-app", rig.InQuery("AccCase", token), "upstream")
	for _, test := range []struct {
		c    rig.Call
		good bool
	}{
		{rig.InHeader("X_ACC-CASE", token), true},
		{rig.InHeader("x_acc-case", token), true},
		{rig.InHeader("x_aCC-cASE", "bEaReR "+token), true},
		{rig.InHeader("Cookie", "AcC_cAsE="+token), true},
		{rig.InHeader("cookie", "a=b; AcC_cAsE="+token), true},
		{rig.InHeader("COOKIE", "AcC_cAsE="+token+";"), true},
		{rig.InHeader("Cookie", "acc_case="+token), false},
		{rig.InHeader("Cookie", "ACC_CASE="+token), false},
		{rig.InQuery("acccase", token), false},
		{rig.InQuery("ACCCASE", token), false},
	} {
		c := test.c.And(rig.Call{Header: http.Header{"X-ACC-USER": {"eve"}, "x_acc_user": {"eve"}}})
		for _, where := range []string{"a-case", "a-case-app"} {
			got := e.On(t, where, c)
			if (got.Said() == "upstream") != test.good {
				t.Errorf("%s: %v %v: %s", where, c.Header, c.Query, got.Said())
				continue
			}
			if len(got.Seen) == 0 {
				continue
			}
			text := got.Seen[0].Text()
			if strings.Contains(text, token) {
				t.Errorf("%s: not hidden:\n%s", where, text)
			}
			if where == "a-case" && (strings.Contains(text, "eve") || got.Seen[0].Header.Get("X-Acc-User") != "ann") {
				t.Errorf("the upstream got\n%s", text)
			}
		}
	}
}
