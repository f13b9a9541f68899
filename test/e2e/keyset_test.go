package e2e

import (
	"context"
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
)

// keyIssuer is an issuer of tokens with two keys, A and B, that publishes them on a key server that counts. It begins
// with A.
type keyIssuer struct {
	*jwttest.KeyServer
	a, b jwttest.JWK
}

func startKeyIssuer(t *testing.T) *keyIssuer {
	t.Helper()
	i := &keyIssuer{
		a: jwttest.NewJWK("A", jwttest.ECKey(elliptic.P256())),
		b: jwttest.NewJWK("B", jwttest.OtherECKey(elliptic.P256())),
	}
	i.KeyServer = jwttest.StartKeyServer(i.a)
	t.Cleanup(i.Close)
	return i
}

var tokenNumber atomic.Int64

// tokenOf is a token of the key A or B that no other is equal to: none is remembered from the time before.
func tokenOf(t testing.TB, kid string, more ...claims) string {
	t.Helper()
	key := jwttest.ECKey(elliptic.P256())
	if kid == "B" {
		key = jwttest.OtherECKey(elliptic.P256())
	}
	all := claims{"sub": "ann", "jti": fmt.Sprint(tokenNumber.Add(1))}
	for _, c := range more {
		for name, value := range c {
			all[name] = value
		}
	}
	return jwttest.Sign(t, "ES256", key, object{"kid": kid}, all)
}

// keyRule is a rule with the issuer's key set, and these fields too.
func (i *keyIssuer) keyRule(fields gateway.Rule) gateway.Rule {
	rule := gateway.Rule{"algorithm": "ES256", "jwks_uri": i.URL(jwttest.KeysPath), "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// keyApp is an application that takes tokens from a header of its own, X-<name>.
func keyApp(name string, rule gateway.Rule) gateway.App {
	return gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "X-" + name, Config: rule, Users: []gateway.User{{Name: "ann"}},
	})
}

// keySetState is a key set on the status page.
type keySetState struct {
	URL         string    `json:"url"`
	Keys        []keyInfo `json:"keys"`
	Fetches     int       `json:"fetches"`
	Failures    int       `json:"failures"`
	LastError   string    `json:"last_error"`
	LastSuccess time.Time `json:"last_success"`
	NextFetch   time.Time `json:"next_fetch"`
	FromDisk    bool      `json:"from_disk"`
	DiskError   string    `json:"disk_error"`
	Refresh     int       `json:"refresh"`
	MaxStale    int       `json:"max_stale"`
}

type keyInfo struct {
	ID         string   `json:"kid"`
	Algorithms []string `json:"algorithms"`
	Thumbprint string   `json:"thumbprint"`
}

// statusPage is what GET /apinto/jwt/status shows.
type statusPage struct {
	Rules    int `json:"rules"`
	Users    int `json:"users"`
	Faults   int `json:"internal_faults"`
	Requests []struct {
		Reason      string    `json:"reason"`
		Application string    `json:"application"`
		KeyID       string    `json:"kid"`
		Count       int       `json:"count"`
		LastUsed    time.Time `json:"last_used"`
	} `json:"requests"`
	KeySets  []keySetState `json:"key_sets"`
	SetAside []struct {
		Application string   `json:"application"`
		Faults      []string `json:"faults"`
	} `json:"set_aside"`
	Warnings []struct {
		Application string `json:"application"`
		Warning     string `json:"warning"`
	} `json:"warnings"`
	Hints []hintCount `json:"hints"`
}

// hintCount is how many requests were given a hint.
type hintCount struct {
	Hint  string `json:"hint"`
	Count int    `json:"count"`
}

func status(t *testing.T, node *gateway.Node) statusPage {
	t.Helper()
	body, err := node.Call(context.Background(), http.MethodGet, "/apinto/jwt/status", nil)
	if err != nil {
		t.Fatal(err)
	}
	var page statusPage
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return page
}

// keySet is the issuer's set on the node's status page, the zero one where it is not there.
func (i *keyIssuer) keySet(t *testing.T, node *gateway.Node) keySetState {
	t.Helper()
	for _, set := range status(t, node).KeySets {
		if strings.HasPrefix(set.URL, i.URL("/")) {
			return set
		}
	}
	return keySetState{}
}

// count is how often requests came to this, by the node's status page.
func (p statusPage) count(reason, application, kid string) int {
	for _, one := range p.Requests {
		if one.Reason == reason && one.Application == application && one.KeyID == kid {
			return one.Count
		}
	}
	return 0
}

// stream sends requests with tokens of the key, each another one, until it is stopped.
func (e *env) stream(t *testing.T, header, kid string) *load.Run {
	t.Helper()
	run, err := load.Start(e.node.URL+"/load/"+header+"/"+kid, http.Header{}, load.Options{
		Workers: 2, Pause: 5 * time.Millisecond, Duration: time.Minute,
		Vary: func(h http.Header) { h.Set(header, tokenOf(t, kid)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Stop() })
	return run
}

// expectNoneRefused is for a load that was stopped.
func expectNoneRefused(t *testing.T, what string, got load.Result) {
	t.Helper()
	t.Logf("%s: %d of %d requests were refused, the slowest took %s", what, got.Failed, got.Sent, got.Slowest.Round(time.Millisecond))
	if got.Failed > 0 || got.Sent < 20 {
		t.Errorf("%s: %d of %d requests failed, the first with %s", what, got.Failed, got.Sent, got.First)
	}
}

// PS* and EdDSA, as PEM and from an inline key set given as an object and as text.
func TestNewAlgorithms(t *testing.T) {
	e := shared.get(t)
	keys := map[string]any{
		"PS256": jwttest.RSAKey(2048), "PS384": jwttest.RSAKey(2048), "PS512": jwttest.RSAKey(2048), "EdDSA": jwttest.Ed25519Key(),
	}
	app := gateway.App{Name: "new-algorithms", Driver: "app"}
	for name, key := range keys {
		set := jwttest.JWKS(jwttest.NewJWK("k", key))
		for way, rule := range map[string]gateway.Rule{
			"Pem":    {"algorithm": name, "rsa_public_key": jwttest.PublicPEM(key), "path": "sub"},
			"Text":   {"algorithm": name, "jwks": set, "path": "sub"},
			"Object": {"algorithm": name, "jwks": json.RawMessage(set), "path": "sub"},
		} {
			app.Auth = append(app.Auth, gateway.Auth{
				Type: "jwt", Position: "header", TokenName: "X-" + name + "-" + way, Config: rule, Users: []gateway.User{{Name: "ann"}},
			})
		}
	}
	e.add(t, app)
	for name, key := range keys {
		other := map[string]string{"PS256": "RS256", "PS384": "PS512", "PS512": "PS256", "EdDSA": "none"}[name]
		for _, way := range []string{"Pem", "Text", "Object"} {
			t.Run(name+", "+way, func(t *testing.T) {
				header := "X-" + name + "-" + way
				good := jwttest.Sign(t, name, key, object{"kid": "k"}, claims{"sub": "ann"})
				e.accept(t, e.node, inHeader(header, good))
				head, payload, signature := split(good)
				e.refuse(t, e.node, inHeader(header, head+"."+payload+"."+flip(signature)))
				e.refuse(t, e.node, inHeader(header, jwttest.Sign(t, other, key, object{"kid": "k"}, claims{"sub": "ann"})))
			})
		}
	}
}

func TestInlineKeySet(t *testing.T) {
	e := shared.get(t)
	rsa, ec, secret := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P256()), []byte("a secret of thirty-two bytes, or more")
	set := jwttest.JWKS(
		jwttest.NewJWK("rsa", rsa).With("alg", "RS256").With("use", "sig"), jwttest.NewJWK("ec", ec), jwttest.NewJWK("oct", secret),
		jwttest.NewJWK("enc", jwttest.OtherRSAKey(2048)).With("use", "enc"),
	)
	e.add(t, keyApp("Inline", gateway.Rule{"algorithm": "RS256,PS256,ES256,HS256", "jwks": set, "path": "sub"}))
	sign := func(alg string, key any, header object) call {
		return inHeader("X-Inline", jwttest.Sign(t, alg, key, header, claims{"sub": "ann"}))
	}
	for name, c := range map[string]call{
		"RSA":       sign("RS256", rsa, object{"kid": "rsa"}),
		"EC":        sign("ES256", ec, object{"kid": "ec"}),
		"oct":       sign("HS256", secret, object{"kid": "oct"}),
		"no kid":    sign("ES256", ec, nil),
		"no kid, 2": sign("RS256", rsa, nil),
	} {
		t.Run(name, func(t *testing.T) { e.accept(t, e.node, c) })
	}
	for name, c := range map[string]call{
		"kid of another key":             sign("RS256", jwttest.OtherRSAKey(2048), object{"kid": "rsa"}),
		"kid of another kind":            sign("RS256", rsa, object{"kid": "ec"}),
		"kid of a key for encryption":    sign("RS256", jwttest.OtherRSAKey(2048), object{"kid": "enc"}),
		"unknown kid":                    sign("ES256", ec, object{"kid": "other"}),
		"alg that the key is not for":    sign("PS256", rsa, object{"kid": "rsa"}),
		"alg that is not listed":         sign("RS384", rsa, object{"kid": "rsa"}),
		"public key as a secret":         sign("HS256", jwttest.PublicPEM(rsa), object{"kid": "rsa"}),
		"public key as a secret, 2":      sign("HS256", jwttest.PublicPEM(rsa), nil),
		"public JWK as a secret":         sign("HS256", set, object{"kid": "oct"}),
		"secret under a public key's ID": sign("HS256", secret, object{"kid": "rsa"}),
		"unsigned":                       sign("none", nil, object{"kid": "rsa"}),
	} {
		t.Run(name, func(t *testing.T) { e.refuse(t, e.node, c) })
	}
}

// The admin API names the field of every fault, shows no secret, and goes on to work.
func TestBadKeySetRules(t *testing.T) {
	e := shared.get(t)
	ec := jwttest.NewJWK("A", jwttest.ECKey(elliptic.P256()))
	good := gateway.Rule{"algorithm": "ES256", "jwks": jwttest.JWKS(ec), "path": "sub"}
	change := func(fields gateway.Rule) gateway.Rule {
		rule := gateway.Rule{}
		for name, value := range good {
			rule[name] = value
		}
		for name, value := range fields {
			rule[name] = value
		}
		return rule
	}
	fetched := func(uri string, fields gateway.Rule) gateway.Rule {
		rule := change(fields)
		delete(rule, "jwks")
		rule["jwks_uri"] = uri
		return rule
	}
	for name, test := range map[string]struct {
		rule   gateway.Rule
		faults []string
	}{
		"not a key set":      {change(gateway.Rule{"jwks": "{"}), []string{"config.jwks: "}},
		"private key":        {change(gateway.Rule{"jwks": jwttest.JWKS(ec.With("d", "c2VjcmV0"))}), []string{"config.jwks: ", "private"}},
		"weak key":           {change(gateway.Rule{"algorithm": "RS256", "jwks": jwttest.JWKS(jwttest.NewJWK("w", jwttest.RSAKey(1024)))}), []string{"config.jwks: ", "1024"}},
		"no key that fits":   {change(gateway.Rule{"algorithm": "EdDSA"}), []string{"config.jwks: "}},
		"both sources":       {change(gateway.Rule{"jwks_uri": "https://issuer.test/jwks"}), []string{"config.jwks: "}},
		"http":               {fetched("http://issuer.test/jwks", nil), []string{"config.jwks_uri: ", "https"}},
		"several algorithms": {gateway.Rule{"algorithm": "HS256,HS384", "secret": "x", "path": "sub"}, []string{"config.algorithm: "}},
		"everything": {
			fetched("file:///etc/passwd", gateway.Rule{
				"jwks_refresh": 1, "jwks_max_stale": 1, "jwks_ca": "x", "audience": []string{""}, "leeway": 301, "max_lifetime": -1,
				"token_type": "x", "required_claims": object{"$[": 1}, "cookie_name": "a b", "claims_to_labels": object{"sub": "application_id"},
			}),
			[]string{
				"config.jwks_uri: ", "config.jwks_refresh: ", "config.jwks_max_stale: ", "config.jwks_ca: ", "config.audience: ", "config.leeway: ",
				"config.max_lifetime: ", "config.token_type: ", "config.required_claims: ", "config.cookie_name: ", "config.claims_to_labels: ",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := e.node.Create(t.Context(), keyApp("Bad", test.rule))
			expectFaults(t, "POST", err, test.rule, test.faults)
			if err == nil {
				e.add(t, keyApp("Bad", good)) // have it deleted
			} else if strings.Contains(err.Error(), "c2VjcmV0") {
				t.Errorf("the error shows a private key: %v", err)
			}
		})
	}
	e.add(t, keyApp("Good", good))
	e.accept(t, e.node, inHeader("X-Good", tokenOf(t, "A")))
}

// strangerToken is well-formed, has a key ID of its own that nobody has, and no true signature: it costs its maker
// nothing.
func strangerToken() string {
	n := tokenNumber.Add(1)
	header := fmt.Sprintf(`{"alg":"ES256","kid":"stranger %d"}`, n)
	payload := fmt.Sprintf(`{"sub":"ann","jti":"%d"}`, n)
	return jwttest.Encode([]byte(header)) + "." + jwttest.Encode([]byte(payload)) + "." + jwttest.Encode(make([]byte, 64))
}

// contains is strings.Contains in any case.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
