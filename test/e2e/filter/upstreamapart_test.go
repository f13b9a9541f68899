package filter

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A token for an upstream is for that upstream, user and route alone, also where routes share the key; a saved change counts at once.
func TestUpstreamTokensApart(t *testing.T) {
	e := rig.SharedFilter(t)
	key := jwttest.Ed25519Key()
	minted := func(audience string, claims map[string]any) map[string]any {
		return minting(key, map[string]any{"audience": audience, "claims": claims})
	}
	e.MustPut(t, rig.WithFilter("u-one", minted("one", map[string]any{"plan": "plan"}), true))
	e.MustPut(t, rig.WithFilter("u-two", minted("two", nil), true))
	if err := e.Node.Create(t.Context(), gateway.Endpoint{Kind: "jwks", Location: "/u-jwks"}); err != nil {
		t.Fatal(err)
	}
	a := rig.FilterToken(t, "shop", rig.Claims{"plan": "gold", "jti": "a"})
	b := rig.FilterToken(t, "farm", rig.Claims{"plan": "lead", "jti": "b"})
	e.Settles(t, "u-two", rig.Bearer(a), "upstream")
	e.Settles(t, "u-one", rig.Bearer(a), "upstream")
	for range 2 {
		for name, want := range map[string]struct{ route, client, aud, app, plan string }{
			"a at one": {"u-one", a, "one", "shop", "gold"}, "b at one": {"u-one", b, "one", "farm", "lead"},
			"a at two": {"u-two", a, "two", "shop", ""}, "b at two": {"u-two", b, "two", "farm", ""},
		} {
			claims := payloadOf(t, tokenSeen(t, e.On(t, want.route, rig.Bearer(want.client)), "Authorization"))
			if got := fmt.Sprint(claims["aud"], claims["client_id"], claims["plan"]); got != fmt.Sprint(want.aud, want.app, orNil(want.plan)) {
				t.Errorf("%s: %v", name, claims)
			}
		}
	}
	e.MustPut(t, rig.WithFilter("u-one", minted("three", nil), true))
	rig.Within(t, rig.Settle, func() error {
		claims := payloadOf(t, tokenSeen(t, e.On(t, "u-one", rig.Bearer(a)), "Authorization"))
		if claims["aud"] != "three" || claims["plan"] != nil {
			return fmt.Errorf("%v", claims)
		}
		return nil
	})
	published := ask(t, e, "GET", "/u-jwks", "")
	for _, member := range []string{`"d"`, `"p"`, `"q"`, `"dp"`, `"k"`} {
		if published.status != http.StatusOK || strings.Contains(published.body, member) {
			t.Errorf("the key set has %s: %d %s", member, published.status, published.body)
		}
	}
	for fault, members := range map[string]map[string]any{
		"upstream_token.issuer: ":         {"issuer": ""},
		"upstream_token.audience":         {"audience": ""},
		"upstream_token.private_key: ":    {"private_key": jwttest.PublicPEM(key)},
		"upstream_token.algorithm: ":      {"algorithm": "HS256"},
		"upstream_token.private_key: an":  {"algorithm": "RS256"},
		"upstream_token.algorithm: \"no":  {"algorithm": "none"},
		"upstream_token.ttl: ":            {"ttl": 9},
		"upstream_token.ttl:":             {"ttl": 3601},
		"upstream_token.header: ":         {"header": "Host"},
		"upstream_token.header:":          {"header": "X A"},
		"upstream_token.claims[\"exp\"]":  {"claims": map[string]any{"exp": "exp"}},
		"upstream_token.claims[\"aud\"]":  {"claims": map[string]any{"aud": "aud"}},
		"upstream_token.claims[\"iss\"]":  {"claims": map[string]any{"iss": "iss"}},
		"upstream_token.claims[\"plan\"]": {"claims": map[string]any{"plan": ""}},
	} {
		err := e.Put(t.Context(), rig.WithFilter("u-one", minting(key, members), true))
		if err == nil || !strings.Contains(err.Error(), fault) || strings.Contains(err.Error(), "PRIVATE KEY") {
			t.Errorf("%v: want a fault of %s, got %v", members, fault, err)
		}
	}
	if claims := payloadOf(t, tokenSeen(t, e.On(t, "u-one", rig.Bearer(a)), "Authorization")); claims["aud"] != "three" {
		t.Errorf("what ran before does not run on: %v", claims)
	}
}

// orNil is the text, or nil for none.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// payloadOf reads a token's claims, without a look at its signature.
func payloadOf(t *testing.T, token string) map[string]any {
	t.Helper()
	rig.NoteSent(token)
	_, payload, _ := rig.Split(token)
	return decodeJSON(t, payload)
}

// decodeJSON reads the base64url of a JSON object.
func decodeJSON(t *testing.T, text string) (object map[string]any) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &object)
	}
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return object
}
