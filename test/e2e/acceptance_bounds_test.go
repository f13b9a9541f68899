package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// A token that names no key, and 600 rules that could each have signed it: a forged one costs some milliseconds, an honest one
// of any of the rules is accepted, and the operator is told.
func TestAcceptanceCrowdedRules(t *testing.T) {
	e := shared.get(t)
	const rules = 600
	app := gateway.App{Name: "accbound", Driver: "app"}
	keys := make([]*ecdsa.PrivateKey, rules)
	for n := range rules {
		var err error
		if keys[n], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
		user := fmt.Sprint("user", n)
		if n >= 300 {
			user = "common"
		}
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: "header", TokenName: "X-Accbound", Users: []gateway.User{{Name: user}},
			Config: gateway.Rule{"algorithm": "ES256", "iss": "crowd", "rsa_public_key": jwttest.PublicPEM(keys[n]), "path": "sub"},
		})
	}
	e.add(t, app)
	token := func(n int, user string) call {
		return inHeader("X-Accbound", jwttest.Sign(t, "ES256", keys[n], nil, claims{"sub": user, "iss": "crowd", "jti": fmt.Sprint(tokenNumber.Add(1))}))
	}
	e.accept(t, e.node, token(7, "user7"))
	for _, n := range []int{0, 1, 150, 299} {
		if err := e.send(t, e.node, token(n, fmt.Sprint("user", n))).accepted(); err != nil {
			t.Errorf("rule %d: %v", n, err)
		}
		e.refuse(t, e.node, token(n, fmt.Sprint("user", n+1)))
	}
	var took []time.Duration
	stranger := jwttest.OtherECKey(elliptic.P256())
	for range 15 {
		raw := jwttest.Sign(t, "ES256", stranger, nil, claims{"sub": "common", "iss": "crowd", "jti": fmt.Sprint(tokenNumber.Add(1))})
		start := time.Now()
		e.refuse(t, e.node, inHeader("X-Accbound", raw))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("forged tokens: %s to %s, half within %s", took[0], took[14], took[7])
	if took[7] > 25*time.Millisecond {
		t.Errorf("half of the forged tokens take longer than %s", took[7])
	}
	page, err := e.node.Call(t.Context(), http.MethodGet, "/apinto/jwt/status", nil)
	if err != nil || !strings.Contains(string(page), "crowded_rules") || !strings.Contains(string(page), `"crowd"`) {
		t.Errorf("the status page does not name the crowd: %v", err)
	}
}

// Websockets are judged as requests are: two tokens, odd names and credentials of other kinds.
func TestAcceptanceWebsocket(t *testing.T) {
	e := sharedFilterEnv(t)
	socket := withFilter("a-socket", map[string]any{}, true)
	socket.websocket = true
	e.mustPut(t, socket)
	good, forged := filterToken(t, "shop", nil), filterToken(t, "nobody", nil)
	upgrade := "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	e.settles(t, "a-socket", call{}, "401 token_missing")
	for name, test := range map[string]struct {
		headers string
		want    int
	}{
		"none": {"", 401}, "forged": {"Authorization: Bearer " + forged + "\r\n", 401},
		"two tokens":     {"Authorization: Bearer " + good + "\r\nAuthorization: Bearer " + forged + "\r\n", 400},
		"blank":          {"Authorization: Bearer " + good + "\r\nX-Role : a\r\n", 400},
		"tab":            {"Authorization: Bearer " + good + "\r\nX-Role\t: a\r\n", 400},
		"key":            {"Authorization: key-17\r\n", 401},
		"only a blank":   {"Authorization : Bearer " + good + "\r\n", 400},
		"blank, upgrade": {"Authorization: Bearer " + good + "\r\nUpgrade : websocket\r\n", 400},
	} {
		path := newPath("/a-socket/")
		answers, _ := converse(t, e.env, "GET "+path+" HTTP/1.1\r\nHost: h\r\n"+upgrade+test.headers+"\r\n")
		if got := fmt.Sprintf("%.12s", answers); got != fmt.Sprint("HTTP/1.1 ", test.want) {
			t.Errorf("%s: %.300q, want %d", name, answers, test.want)
		}
		if len(e.upstream.Seen(path)) > 0 {
			t.Errorf("%s: it reached the upstream", name)
		}
	}
}

// Odd chains: what an issuer has not signed, though it has the issuer's name, is no part of one; what is no certificate ends one.
func TestAcceptanceOddChains(t *testing.T) {
	e := shared.get(t)
	root, other := certified(t, "root", true, nil), certified(t, "root", true, nil)
	leaf, middle := certified(t, "leaf", false, root), certified(t, "middle", true, root)
	deep := certified(t, "deep", false, middle)
	for name, test := range map[string]struct {
		text      string
		yes, none []*chainKey
	}{
		"line ends of Windows": {strings.ReplaceAll(leaf.text+root.text, "\n", "\r\n"), []*chainKey{leaf}, []*chainKey{root, other}},
		"blank lines":          {"\n\n" + leaf.text + "\n\n" + root.text + "\n", []*chainKey{leaf}, []*chainKey{root}},
		"issuer twice":         {leaf.text + root.text + root.text, []*chainKey{leaf}, []*chainKey{root}},
		"leaf twice":           {leaf.text + leaf.text + root.text, []*chainKey{leaf}, []*chainKey{root}},
		"four":                 {deep.text + middle.text + root.text, []*chainKey{deep}, []*chainKey{middle, root, leaf}},
		"chain behind a key":   {jwttest.PublicPEM(other.key) + leaf.text + root.text, []*chainKey{other, leaf}, []*chainKey{root}},
		"leaves of two levels": {leaf.text + deep.text + middle.text + root.text, []*chainKey{leaf, deep}, []*chainKey{middle, root}},
	} {
		t.Run(name, func(t *testing.T) {
			app := keyApp("Accodd", gateway.Rule{"algorithm": "ES256", "rsa_public_key": test.text, "path": "sub"})
			e.add(t, app)
			sign := func(k *chainKey) call {
				return inHeader("X-Accodd", jwttest.Sign(t, "ES256", k.key, nil, claims{"sub": "ann", "jti": fmt.Sprint(tokenNumber.Add(1))}))
			}
			for _, k := range test.yes {
				e.accept(t, e.node, sign(k))
			}
			for _, k := range test.none {
				if err := e.send(t, e.node, sign(k)).refused(); err != nil {
					t.Errorf("key of %s: %v", k.cert.Subject.CommonName, err)
				}
			}
			if err := e.node.Delete(t.Context(), app); err != nil {
				t.Error(err)
			}
		})
	}
}
