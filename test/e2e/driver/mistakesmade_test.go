package driver

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// mistaken is the application that mistakes are made in.
const mistaken = "shop"

// mistakenSecret can be read as base64 too, so that either reading makes a key.
const mistakenSecret = "0b5d1e6f7c8a9d3e2f4a6b8c1d7e9f3a5b2c4d6e8f1a3b5c"

// right is the application without a mistake.
func right() rig.Object {
	return rig.Object{"name": mistaken, "driver": "app", "auth": []any{rig.Object{
		"type": "jwt", "position": "header", "token_name": "Authorization",
		"config": rig.Object{
			"algorithm": "HS256", "secret": mistakenSecret, "iss": "https://id.test", "audience": []string{"shop-api"}, "path": "username",
			"claims_to_verify": []string{"exp"},
		},
		"users": []any{user("ann")},
	}}}
}

// user is an entry of the users.
func user(name string) rig.Object { return rig.Object{"pattern": rig.Object{"username": name}} }

// entry is the application with other members of its entry.
func entry(members rig.Object) rig.Object {
	app := right()
	maps.Copy(app["auth"].([]any)[0].(rig.Object), members) //nolint:forcetypeassert // right is beside it
	return app
}

// ruled is the application with other members of its rule; nil takes one away.
func ruled(members rig.Object) rig.Object {
	app := right()
	config := app["auth"].([]any)[0].(rig.Object)["config"].(rig.Object) //nolint:forcetypeassert // right is beside it
	maps.Copy(config, members)
	maps.DeleteFunc(config, func(_ string, value any) bool { return value == nil })
	return app
}

// claimed are the claims of a token that the right application accepts, but for these.
func claimed(others rig.Claims) rig.Claims {
	now := time.Now().Unix()
	all := rig.Claims{"username": "ann", "iss": "https://id.test", "aud": "shop-api", "iat": now, "exp": now + 600}
	maps.Copy(all, others)
	return all
}

// signed is such a token.
func signed(t *testing.T, others rig.Claims) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", mistakenSecret, nil, claimed(others))
}

// sent is a mistake in which the client sends the token as it must.
func sent(app rig.Object, token string) mistake {
	return mistake{app: app, token: token, call: rig.Bearer(token), route: "plain"}
}

// mistakes are all that are made, by the name that docs/why.md gives them.
func mistakes(t *testing.T) map[string]mistake {
	t.Helper()
	good := signed(t, nil)
	all := map[string]mistake{}
	maps.Copy(all, rulesMistaken(t, good))
	maps.Copy(all, tokensMistaken(t))
	maps.Copy(all, requestsMistaken(good))
	maps.Copy(all, keySetsMistaken(t))
	all["A secret that is too short"] = shortSecret(t)
	all["The plugin `app` before the filter"] = mistake{app: right(), call: rig.Bearer("no token"), route: "filtered", more: appFirst}
	return all
}

// rulesMistaken are mistakes in what is saved.
func rulesMistaken(t *testing.T, good string) map[string]mistake {
	t.Helper()
	decoded, err := base64.StdEncoding.DecodeString(mistakenSecret)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]mistake{
		"The issuer decodes the secret, the rule does not": sent(right(), jwttest.Sign(t, "HS256", string(decoded), nil, claimed(nil))),
		"The rule decodes the secret, the issuer does not": sent(ruled(rig.Object{"signature_is_base_64": true}), good),
		"A slip in the path":                        sent(ruled(rig.Object{"path": "user_name"}), good),
		"A field's name is mistyped":                sent(ruled(rig.Object{"leway": 30}), good),
		"No users":                                  sent(entry(rig.Object{"users": []any{}}), good),
		"A user stands there twice":                 sent(entry(rig.Object{"users": []any{user("ann"), user("ann")}}), good),
		"A rule for the header is saved with query": sent(entry(rig.Object{"position": "query"}), good),
	}
}

// tokensMistaken are mistakes in what the issuer makes.
func tokensMistaken(t *testing.T) map[string]mistake {
	t.Helper()
	now := time.Now().Unix()
	return map[string]mistake{
		"The user is not in the list":    sent(right(), signed(t, rig.Claims{"username": "somebody"})),
		"The issuer's clock is ahead":    sent(right(), signed(t, rig.Claims{"iat": now + 240, "nbf": now + 240})),
		"The token has expired":          sent(right(), signed(t, rig.Claims{"iat": now - 7200, "exp": now - 3600})),
		"The token is for somebody else": sent(right(), signed(t, rig.Claims{"aud": "billing"})),
		"The token is of another issuer": sent(right(), signed(t, rig.Claims{"iss": "https://elsewhere.test"})),
	}
}

// requestsMistaken are mistakes of clients.
func requestsMistaken(good string) map[string]mistake {
	in := func(name, value string) mistake {
		return mistake{app: right(), token: value, call: rig.InHeader(name, value), route: "plain"}
	}
	return map[string]mistake{
		"`Bearer Bearer`":                in("Authorization", "Bearer Bearer "+good),
		"`Token` instead of `Bearer`":    in("Authorization", "Token "+good),
		"The token is in a wrong header": in("X-Token", good),
	}
}

// shortSecret is a mistake that no client notices: the token is good, and anybody can search for its secret.
func shortSecret(t *testing.T) mistake {
	t.Helper()
	const secret = "nine char"
	m := sent(ruled(rig.Object{"secret": secret}), jwttest.Sign(t, "HS256", secret, nil, claimed(nil)))
	m.unseen = true
	return m
}

// appFirst has the plugin app go before the filter, which then answers no more.
func appFirst(t *testing.T, r runner) {
	t.Helper()
	const malformed, byApp = "401 token_malformed", `401 "`
	r.Settles(t, "filtered", rig.Bearer("no token"), malformed)
	must.Succeed(t, r.Node.SetPlugins(t.Context(),
		gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, map[string]any{"output": []string{r.Log.Name + "@output"}}),
		gateway.GlobalPlugin("app", gateway.PluginApp, nil),
		gateway.Plugin{Name: "jwt", ID: rig.PluginFilter, Status: "enable", Config: map[string]any{}}))
	t.Cleanup(func() { must.Succeed(t, r.SetPlugins(context.Background())) })
	rig.Within(t, rig.Settle, func() error {
		if got := r.On(t, "filtered", rig.Bearer("no token")).Said(); !strings.HasPrefix(got, byApp) {
			return fmt.Errorf("app does not answer: %s", got)
		}
		return nil
	})
}
