package filter

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v4"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// minting is the configuration of a filter with a token for the upstream "orders", signed with the key.
func minting(key crypto.Signer, members map[string]any) map[string]any {
	token := map[string]any{"issuer": "https://gw", "audience": "orders", "private_key": jwttest.PrivatePEM(key)}
	for name, value := range members {
		token[name] = value
	}
	return map[string]any{"upstream_token": token}
}

// foreignJWK is a key as an upstream reads it, without our packages.
type foreignJWK struct{ Kty, Kid, Alg, N, E, Crv, X, Y string }

// public returns the key.
func (k foreignJWK) public() (any, error) {
	number := func(text string) *big.Int {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return nil
		}
		return new(big.Int).SetBytes(raw)
	}
	switch k.Kty + k.Crv {
	case "RSA":
		return &rsa.PublicKey{N: number(k.N), E: int(number(k.E).Int64())}, nil
	case "ECP-256":
		return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(k.X), Y: number(k.Y)}, nil
	case "OKPEd25519":
		raw, err := base64.RawURLEncoding.DecodeString(k.X)
		return ed25519.PublicKey(raw), err
	}
	return nil, fmt.Errorf("a key of the kind %s", k.Kty)
}

// verifyAsUpstream verifies a token as an upstream does: by golang-jwt, with the keys of the gateway's endpoint.
func verifyAsUpstream(t *testing.T, e *rig.Filter, raw string) gojwt.MapClaims {
	t.Helper()
	rig.NoteSent(raw) // it is to be in no log
	claims := gojwt.MapClaims{}
	parsed, err := gojwt.ParseWithClaims(raw, claims, func(token *gojwt.Token) (any, error) {
		for _, key := range publishedKeys(t, e) {
			if key.Kid == token.Header["kid"] && key.Alg == token.Header["alg"] {
				return key.public()
			}
		}
		return nil, errors.New("the key is not published")
	}, gojwt.WithValidMethods([]string{"RS256", "ES256", "EdDSA"}))
	if err != nil || !parsed.Valid || !claims.VerifyAudience("orders", true) || !claims.VerifyIssuer("https://gw", true) || parsed.Header["typ"] != "at+jwt" {
		t.Fatalf("%v: %v %v", err, parsed.Header, claims)
	}
	return claims
}

// publishedKeys are the keys that the gateway publishes.
func publishedKeys(t *testing.T, e *rig.Filter) []foreignJWK {
	t.Helper()
	response, err := rig.Client.Get(e.Node.URL + "/oauth/jwks")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var set struct{ Keys []foreignJWK }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return set.Keys
}

// ownFilter is a gateway of one test, with the endpoint jwks.
func ownFilter(t *testing.T) *rig.Filter {
	t.Helper()
	e := rig.NewFilter(rig.StartNode(t))
	t.Cleanup(e.Upstream.Close)
	for _, step := range []func(context.Context) error{e.Configure, e.CreateApps} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Node.Create(t.Context(), gateway.Endpoint{Kind: "jwks", Location: "/oauth/jwks"}); err != nil {
		t.Fatal(err)
	}
	return e
}

// tokenSeen returns the token that the upstream saw of a request.
func tokenSeen(t *testing.T, got rig.Answer, header string) string {
	t.Helper()
	if len(got.Seen) != 1 || len(got.Seen[0].Header.Values(header)) != 1 {
		t.Fatalf("%d requests upstream: %v", len(got.Seen), got.Seen)
	}
	return strings.TrimPrefix(got.Seen[0].Header.Get(header), "Bearer ")
}

// The upstream verifies the gateway's token by the published keys; after a change of the key, and a restart, those of before too.
func TestUpstreamToken(t *testing.T) {
	e := ownFilter(t)
	config := minting(jwttest.RSAKey(2048), map[string]any{"claims": map[string]any{"tenant": "$.tenant"}})
	e.MustPut(t, rig.WithFilter("u-orders", config, true))
	client := rig.FilterToken(t, "shop", rig.Claims{"tenant": "t1", "scope": "read"})
	got := e.Settles(t, "u-orders", rig.Bearer(client), "upstream")
	first := tokenSeen(t, got, "Authorization")
	claims := verifyAsUpstream(t, e, first)
	life := claims["exp"].(float64) - claims["iat"].(float64)
	if claims["sub"] != "ann" || claims["client_id"] != "shop" || claims["tenant"] != "t1" || claims["scope"] != nil || life != 60 || len(claims["jti"].(string)) < 22 {
		t.Errorf("claims %v", claims)
	}
	if strings.Contains(got.Seen[0].Text(), client) {
		t.Error("the upstream sees the client's token")
	}
	if again := tokenSeen(t, e.On(t, "u-orders", rig.Bearer(client)), "Authorization"); again != first {
		t.Error("the next request has another token")
	}
	short := rig.FilterToken(t, "shop", rig.Claims{"exp": time.Now().Unix() + 20})
	limited := verifyAsUpstream(t, e, tokenSeen(t, e.On(t, "u-orders", rig.Bearer(short)), "Authorization"))
	if limited["exp"].(float64) > float64(time.Now().Unix()+20) {
		t.Errorf("it outlives the client's: %v", limited)
	}

	e.MustPut(t, rig.WithFilter("u-orders", minting(jwttest.Ed25519Key(), nil), true))
	var second string
	rig.Within(t, rig.Settle, func() error {
		if second = tokenSeen(t, e.On(t, "u-orders", rig.Bearer(client)), "Authorization"); second == first {
			return errors.New("the old key signs")
		}
		return nil
	})
	verifyAsUpstream(t, e, second)
	verifyAsUpstream(t, e, first)
	if err := e.Node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	rig.Within(t, 2*rig.Settle, func() error {
		if n := len(publishedKeys(t, e)); n != 2 {
			return fmt.Errorf("%d keys are published after the restart", n)
		}
		return nil
	})
	verifyAsUpstream(t, e, first)
	verifyAsUpstream(t, e, tokenSeen(t, e.Settles(t, "u-orders", rig.Bearer(client), "upstream"), "Authorization"))
}

// What has no good token has none for the upstream, and the client's own header is gone.
func TestUpstreamTokenNobody(t *testing.T) {
	e := ownFilter(t)
	config := minting(jwttest.ECKey(elliptic.P256()), map[string]any{"header": "X-Identity"})
	config["required"] = false
	e.MustPut(t, rig.WithFilter("u-optional", config, true))
	observed := minting(jwttest.ECKey(elliptic.P256()), map[string]any{"header": "X-Identity"})
	observed["mode"], observed["scopes"] = "observe", []string{"read"}
	e.MustPut(t, rig.WithFilter("u-observed", observed, true))
	client := rig.FilterToken(t, "shop", rig.Claims{"jti": "to-be-ended"})
	e.Settles(t, "u-optional", rig.Bearer(client), "upstream")
	e.Settles(t, "u-observed", rig.Call{}, "upstream")
	verifyAsUpstream(t, e, tokenSeen(t, e.On(t, "u-optional", rig.Bearer(client)), "X-Identity"))
	for route, call := range map[string]rig.Call{"u-optional": {}, "u-observed": rig.Bearer(client)} {
		call.Header = call.Header.Clone()
		if call.Header == nil {
			call.Header = http.Header{}
		}
		call.Header["X-Identity"], call.Header["x_identity"] = []string{"eve"}, []string{"eve"}
		if seen := e.On(t, route, call); seen.Said() != "upstream" || strings.Contains(strings.ToLower(seen.Seen[0].Text()), "identity") {
			t.Errorf("%s: %s, the upstream sees %v", route, seen.Said(), seen.Seen)
		}
	}
	if err := e.Node.SetHash(t.Context(), "jwt_revoked", "to-be-ended", "1"); err != nil {
		t.Fatal(err)
	}
	e.Settles(t, "u-optional", rig.Bearer(client), "401 token_revoked")
}

// A key that a rule issues tokens with is refused: the rule would accept the upstream as the user.
func TestUpstreamTokenSharedKey(t *testing.T) {
	e := ownFilter(t)
	shared, own := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	app := gateway.JWTApp("issuing", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "ES256", "rsa_public_key": jwttest.PublicPEM(shared), "iss": "https://gw", "path": "sub",
			"issue": map[string]any{"private_key": jwttest.PrivatePEM(shared)},
		},
		Users: []gateway.User{{Name: "ann"}},
	})
	if err := e.Node.Create(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	err := e.Put(t.Context(), rig.WithFilter("u-shared", minting(shared, nil), true))
	if err == nil || !strings.Contains(err.Error(), "upstream_token.private_key: is a key that a rule issues tokens with") {
		t.Errorf("got %v", err)
	}
	e.MustPut(t, rig.WithFilter("u-shared", minting(own, nil), true))
}

// The header is there in a websocket's handshake, and in each attempt to send a request; trailer fields do not replace it.
func TestUpstreamTokenOnItsWay(t *testing.T) {
	e := ownFilter(t)
	seen := make(chan http.Header, 4)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		seen <- r.Header
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	address := server.Listener.Addr().String()
	nodes := []string{"127.0.0.1:1 weight=1", address + " weight=1"} // nobody listens at the first
	if err := e.Node.Create(t.Context(), gateway.Service{Name: "half", Nodes: nodes}); err != nil {
		t.Fatal(err)
	}
	route := rig.WithFilter("u-way", minting(jwttest.Ed25519Key(), map[string]any{"header": "X-Identity"}), true)
	for _, websocket := range []bool{false, true} {
		body := route.Body()
		body["service"], body["retry"], body["time_out"] = "half@service", 3, 2000
		if body["websocket"] = websocket; websocket {
			body["name"], body["location"] = "u-socket", "/u-socket/*"
		}
		if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", body); err != nil {
			t.Fatal(err)
		}
	}
	client := rig.FilterToken(t, "shop", nil)
	check := func(what string) {
		t.Helper()
		select {
		case header := <-seen:
			var got []string
			for name, values := range header {
				if strings.EqualFold(strings.ReplaceAll(name, "_", "-"), "X-Identity") {
					got = append(got, values...)
				}
			}
			if len(got) != 1 {
				t.Fatalf("%s: X-Identity is %q", what, got)
			}
			verifyAsUpstream(t, e, got[0])
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: it does not arrive", what)
		}
	}
	e.Settles(t, "u-way", rig.Call{}, "401 token_missing")
	for range 3 { // in turn: at the first or at the second attempt
		e.On(t, "u-way", rig.Bearer(client))
		check("a request")
		_, _ = e.Ask(t, "POST /u-way/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Identity\r\nAuthorization: Bearer "+client+
			"\r\n\r\n3\r\na=1\r\n0\r\nX-Identity: eve\r\nx_identity: eve\r\n\r\n")
		check("a chunked request")
	}
	rig.Within(t, rig.Settle, func() error {
		if status, _ := handshake(t, e, "u-socket", ""); status != http.StatusUnauthorized {
			return fmt.Errorf("status %d", status)
		}
		return nil
	})
	for range 2 {
		handshake(t, e, "u-socket", "Authorization: Bearer "+client+"\r\nx_identity: eve\r\nX-Identity: eve\r\n")
	}
	check("a websocket")
}
