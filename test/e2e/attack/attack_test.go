package attack

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

// attackTime names the environment variable with the time that the attack lasts: "make attack" sets it. The gateway then
// logs as it does in operation, so that its memory is that of operation too.
const attackTime = "APINTO_JWT_ATTACK"

const (
	attackers    = 8
	attackSecret = "the secret of the application under attack"
)

// attackedApps take tokens from everywhere, with every kind of key.
func attackedApps(i *rig.KeyIssuer) []gateway.App {
	users := []gateway.User{{Name: "ann", HideCredential: true}}
	hmac := gateway.Rule{"algorithm": "HS256", "secret": attackSecret, "iss": "us", "path": "sub"}
	rsa := gateway.Rule{"algorithm": "RS256", "rsa_public_key": jwttest.PublicPEM(jwttest.RSAKey(2048)), "iss": "us", "path": "sub"}
	apps := []gateway.App{
		gateway.JWTApp("attacked-rsa", gateway.Auth{Position: "header", TokenName: "X-Rsa", Config: rsa, Users: users}),
		gateway.JWTApp("attacked-set", gateway.Auth{Position: "header", TokenName: "X-Set", Config: i.KeyRule(nil), Users: users}),
	}
	for n, place := range []struct{ position, name string }{
		{"header", "Authorization"}, {"query", "token"}, {"body", "token"}, {"body", "$.deep.token"},
	} {
		apps = append(apps, gateway.JWTApp(fmt.Sprintf("attacked-%d", n), gateway.Auth{
			Position: place.position, TokenName: place.name, Config: hmac, Users: users,
		}))
	}
	return apps
}

// Eight connections send what attackers send, without pause. The clients beside them, with good tokens, do not notice;
// nobody else gets in; the worker process lives on, has no fault inside, and its memory has an upper bound.
func TestUnderAttack(t *testing.T) {
	duration, level := 8*time.Second, rig.DebugLevel
	if text := os.Getenv(attackTime); text != "" {
		var err error
		if duration, err = time.ParseDuration(text); err != nil {
			t.Fatalf("%s: %v", attackTime, err)
		}
		level = "error"
	}
	e := rig.NewEnv(rig.StartNodeAt(t, level))
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, e.Configure(t.Context()))
	for _, app := range attackedApps(rig.StartKeyIssuer(t)) {
		e.Add(t, app)
	}
	e.Accept(t, e.Node, rig.InHeader("X-Set", rig.TokenOf(t, "A")))
	worker := e.Node.Worker()

	polite := startPolite(t, e, duration+time.Minute)
	time.Sleep(duration / 8) // the warm-up
	memory, begin := watchMemory(worker), time.Now()
	startHostile(e.Node.URL, duration).expect(t)
	end := time.Now()
	time.Sleep(5 * time.Second) // at rest but for the polite clients
	memory.expect(t, begin, end)
	polite.expect(t)
	if now := e.Node.Worker(); now != worker {
		t.Errorf("the worker's process id was %d and is %d", worker, now)
	}
	if seen := e.Upstream.Seen(hostilePath); len(seen) != 0 {
		t.Errorf("%d hostile requests reached the upstream, the first is %.200s", len(seen), seen[0].Text())
	}
	if faults := rig.Status(t, e.Node).Faults; faults != 0 {
		t.Errorf("%d faults inside the driver", faults)
	}
	e.Refuse(t, e.Node, rig.Call{})
}

// politeClients are the clients with good tokens.
type politeClients map[string]*load.Run

// startPolite starts three clients, each with less than a hundred requests per second.
func startPolite(t *testing.T, e *rig.Env, limit time.Duration) politeClients {
	t.Helper()
	known := jwttest.Sign(t, "HS256", attackSecret, nil, rig.Claims{"iss": "us", "sub": "ann"})
	clients := politeClients{}
	for name, vary := range map[string]func(http.Header){
		"the same token each time": func(h http.Header) { h.Set("Authorization", "Bearer "+known) },
		"a new HS256 token each time": func(h http.Header) {
			fresh := rig.Claims{"iss": "us", "sub": "ann", "jti": fmt.Sprint(rig.TokenNumber.Add(1))}
			h.Set("Authorization", "Bearer "+jwttest.Sign(t, "HS256", attackSecret, nil, fresh))
		},
		"a new ES256 token each time": func(h http.Header) { h.Set("X-Set", rig.TokenOf(t, "A")) },
	} {
		run, err := load.Start(e.Node.URL+"/load/polite", http.Header{}, load.Options{
			Duration: limit, Pause: 10 * time.Millisecond, Vary: vary,
		})
		must.Succeed(t, err)
		clients[name] = run
	}
	return clients
}

// expect stops the clients; all that they sent was to be let through.
func (p politeClients) expect(t *testing.T) {
	t.Helper()
	for name, run := range p {
		result := run.Stop()
		t.Logf("polite, %s: %d requests, %d failed, the slowest took %s",
			name, result.Sent, result.Failed, result.Slowest.Round(time.Millisecond))
		if result.Failed != 0 || result.Sent < 50 {
			t.Errorf("%s: %d of %d polite requests failed, the first with %s", name, result.Failed, result.Sent, result.First)
		}
	}
}
