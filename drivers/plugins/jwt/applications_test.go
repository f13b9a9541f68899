package jwt

import (
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

func TestUserAndApplication(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	r.app("closed", `"disable":true`)
	r.ask(`{}`, r.get(r.tokenOf("closed", nil))).expect(t, "401 app_disabled")
	r.ask(`{}`, r.get(r.tokenOf("shop", claims{"sub": "old"}))).expect(t, "401 user_expired")
	r.ask(`{}`, r.get(r.tokenOf("shop", claims{"sub": "eve"}))).expect(t, "401 user_unknown")
	r.ask(`{}`, r.get(r.tokenOf("nowhere", nil))).expect(t, "401 signature_invalid")
}

// Whoever is let in has the labels that "app" would set, and "app" behind the filter lets the request pass.
func TestAdmitted(t *testing.T) {
	r := newRig(t)
	r.gateway.MustPut("shop", `{"labels":{"team":"team of shop","both":"app"},
		"additional":[{"key":"X-Of-App","value":"1","position":"header","conflict":"convert"}],
		"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
		"config":{"algorithm":"HS256","secret":"`+secretOf("shop")+`","path":"sub","claims_to_labels":{"tenant":"tenant","x":"both"}},
		"users":[{"pattern":{"username":"ann"},"labels":{"role":"reader","both":"user"},"hide_credential":true}]}]}`)
	request := func() http_service.IHttpContext {
		return r.get(r.tokenOf("shop", claims{"tenant": "t1", "x": "claim"}))
	}
	want := []string{
		"application_id", "shop@app", "application", "shop", "token", "ann", "auth_status", "success",
		"role", "reader", "team", "team of shop", "tenant", "t1", "both", "app", "jwt_result", "", "jwt_would", "",
	}
	o := r.ask(`{}`, request())
	o.expect(t, "passed")
	o.label(t, want...)
	if sent := o.upstream(); strings.Contains(sent, "Authorization") || strings.Count(sent, "X-Of-App: 1") != 1 {
		t.Errorf("the upstream gets\n%s", sent)
	}
	if err := r.gateway.Ask(o); err != nil {
		t.Errorf("the plugin app behind the filter: %v", err)
	}
	if strings.Count(o.upstream(), "X-Of-App") != 1 {
		t.Errorf("with app behind, the upstream gets\n%s", o.upstream())
	}

	alone := outcome{request(), true}
	if err := r.gateway.Ask(alone); err != nil {
		t.Fatal(err)
	}
	want[7] = "" // this version of the host does not set it
	alone.label(t, want...)
	if alone.upstream() != o.upstream() {
		t.Errorf("with the filter the upstream gets\n%s\nwithout\n%s", o.upstream(), alone.upstream())
	}
}

// Two applications accept the same token: the first that may come in counts.
func TestSeveralApplications(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"one", "two", "three"} {
		r.gateway.MustPut(name, `{"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
			"config":{"algorithm":"HS256","secret":"`+secretOf("all")+`","path":"sub","audience":["`+name+`","`+name+`2"]},
			"users":[{"pattern":{"username":"ann"}}]}]}`)
	}
	token := r.tokenOf("all", claims{"aud": []string{"one", "two", "three"}})
	for _, name := range []string{"one", "two", "three"} {
		o := r.ask(`{"apps":["`+name+`"]}`, r.get(token))
		o.expect(t, "passed")
		o.label(t, "application_id", name+"@app")
	}
	r.ask(`{"apps":["four"]}`, r.get(token)).expect(t, "403 app_not_allowed")
}

// As long as there is no application, nobody comes in: "app" lets everybody in then.
func TestNoApplication(t *testing.T) {
	r := newRig(t)
	for _, config := range []string{`{}`, `{"required":false}`} {
		r.ask(config, r.get("")).expect(t, "401 token_missing")
		r.ask(config, r.get(r.tokenOf("shop", nil))).expect(t, "401 token_missing") // no rule looks for it
	}
	if err := r.gateway.Ask(r.get("")); err != nil {
		t.Errorf("app has learned to refuse (%v): then this is not needed any more", err)
	}
	r.gateway.MustPut("guest", `{"anonymous":true,"disable":true,"auth":[]}`)
	r.ask(`{"required":false}`, r.get("")).expect(t, "401 token_missing")
	r.gateway.MustPut("guest", `{"anonymous":true,"auth":[]}`)
	o := r.ask(`{"required":false}`, r.get(""))
	o.expect(t, "passed")
	if err := r.gateway.Ask(o); err != nil {
		t.Error(err)
	}
	o.label(t, "application_id", "guest@app")
	r.ask(`{}`, r.get("")).expect(t, "401 token_missing")
}

// What an earlier plugin has found out does not replace what the filter requires, nor the other way round.
func TestAfterAnotherPlugin(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"X-Of-App","value":"1","position":"header"}]`)
	r.app("other")
	tests := []struct{ name, config, earlier, token, want string }{
		{"no token", `{}`, "shop@app", "", "401 token_missing"},
		{"no token needed", `{"required":false}`, "shop@app", "", "passed"},
		{"the same application", `{}`, "shop@app", r.tokenOf("shop", nil), "passed"},
		{"the same application by name", `{}`, "shop", r.tokenOf("shop", nil), "passed"},
		{"another application", `{}`, "other@app", r.tokenOf("shop", nil), "403 app_not_allowed"},
		{"one that is none", `{}`, "nobody@app", r.tokenOf("shop", nil), "403 app_not_allowed"},
		{"the same, not sufficient", `{"scopes":["x"]}`, "shop@app", r.tokenOf("shop", nil), "403 claim_missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := r.get(test.token)
			ctx.SetLabel("application_id", test.earlier)
			o := r.ask(test.config, ctx)
			o.expect(t, test.want)
			if strings.Contains(o.upstream(), "X-Of-App") {
				t.Error("the application's parameters were added, which app does not do then")
			}
		})
	}
	t.Run("two filters in one chain", func(t *testing.T) {
		o := r.send(r.get(r.tokenOf("shop", claims{"scope": "a", "n": "1"})), r.filter(`{"claims_to_headers":{"n":"X-N"}}`), r.filter(`{"scopes":["a"],"claims_to_headers":{"n":"X-M"}}`))
		o.expect(t, "passed")
		for _, want := range []string{"X-Of-App: 1", "X-N: 1", "X-M: 1"} {
			if strings.Count(o.upstream(), want) != 1 {
				t.Errorf("%s is not there once:\n%s", want, o.upstream())
			}
		}
		r.send(r.get(r.tokenOf("shop", nil)), r.filter(`{}`), r.filter(`{"scopes":["a"]}`)).expect(t, "403 claim_missing")
	})
}
