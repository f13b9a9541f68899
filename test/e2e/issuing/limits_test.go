package issuing

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// patient waits for answers as long as logins may wait for each other.
var patient = &http.Client{Timeout: time.Minute, Transport: rig.Observe(http.DefaultTransport)}

// patientPost sends a form to this path, with headers; pairs of name and value for both.
func patientPost(node *gateway.Node, path string, form, headers []string) (granted, error) {
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, node.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		return granted{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := patient.Do(request)
	if err != nil {
		return granted{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	g := granted{status: response.StatusCode, retryAfter: response.Header.Get("Retry-After"), body: string(body)}
	g.access, g.refresh = gjson.Get(g.body, "access_token").Str, gjson.Get(g.body, "refresh_token").Str
	return g, err
}

// atOnce sends this many requests at the same time; how many got each status.
func atOnce(t *testing.T, n int, send func(i int) (granted, error)) map[int]int {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := make(map[int]int)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			g, err := send(i)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			statuses[g.status]++
		}()
	}
	wg.Wait()
	return statuses
}

// wrongForm is a login with a wrong password.
func wrongForm(app, user string) []string {
	return []string{"grant_type", "password", "client_id", app, "username", user, "password", "a guess"}
}

// Many at once, one who guesses, a Redis that stands still, and proxies: what the endpoints bound, and what they must
// not.
func TestIssuingLimits(t *testing.T) {
	server := redis.Start(t)
	e := rig.Own(t)
	if err := e.Node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}); err != nil {
		t.Fatal(err)
	}
	if err := e.Node.Issuing(t.Context(), e.Log, "sessions"); err != nil {
		t.Fatal(err)
	}
	e.Add(t, rig.IssuingApp("shop"))
	mustLogin(t, e.Node, "shop", "ann")

	t.Run("right passwords", func(t *testing.T) { rightPasswords(t, e) })
	t.Run("guesses", func(t *testing.T) { guesses(t, e) })
	t.Run("stall", func(t *testing.T) { stalled(t, e, server) })
	t.Run("sessions", func(t *testing.T) { boundedSessions(t, e) })
	t.Run("proxy", func(t *testing.T) { throughProxy(t, e) })
}

// rightPasswords: those of one user at once, and of many users behind one address.
func rightPasswords(t *testing.T, e *rig.Env) {
	const some = 20
	got := atOnce(t, some, func(int) (granted, error) {
		return patientPost(e.Node, "/oauth/token", loginForm("shop", "ann"), nil)
	})
	if got[http.StatusOK] != some {
		t.Errorf("%d logins of one user: %v", some, got)
	}
	if g := login(t, e.Node, "shop", "ann"); g.status != http.StatusOK {
		t.Errorf("a lone one after that: %d %s", g.status, g.body)
	}
	const apps, users = 5, 30
	for i := range apps {
		app := rig.IssuingApp(fmt.Sprintf("shop-%d", i))
		for j := range users {
			app.Auth[0].Users = append(app.Auth[0].Users, gateway.User{Name: fmt.Sprintf("user-%d", j), Password: rig.IssuedHash})
		}
		e.Add(t, app)
		mustLogin(t, e.Node, app.Name, "ann")
	}
	got = atOnce(t, apps*users, func(i int) (granted, error) {
		return patientPost(e.Node, "/oauth/token", loginForm(fmt.Sprintf("shop-%d", i%apps), fmt.Sprintf("user-%d", i/apps)), nil)
	})
	if got[http.StatusOK] != apps*users {
		t.Errorf("%d users behind one address: %v", apps*users, got)
	}
}

// guesses: ten of forty at once are compared.
func guesses(t *testing.T, e *rig.Env) {
	got := atOnce(t, 40, func(int) (granted, error) {
		return patientPost(e.Node, "/oauth/token", wrongForm("shop", "bob"), nil)
	})
	if got[http.StatusBadRequest] != 10 || got[http.StatusTooManyRequests] != 30 {
		t.Errorf("40 guesses at once: %v", got)
	}
	if g := login(t, e.Node, "SHOP", "bob"); g.status != http.StatusTooManyRequests || g.retryAfter == "" {
		t.Errorf("the right password then: %d %s", g.status, g.body)
	}
}

// stalled: Redis stands still for eight seconds under a client that tries to refresh again and again.
func stalled(t *testing.T, e *rig.Env, server *redis.Server) {
	first := mustLogin(t, e.Node, "shop", "ann")
	server.Freeze()
	for begun := time.Now(); time.Since(begun) < 8*time.Second; time.Sleep(500 * time.Millisecond) {
		if g := refresh(t, e.Node, first.refresh); g.status != http.StatusServiceUnavailable || g.retryAfter == "" {
			t.Errorf("while Redis stands still: %d %s", g.status, g.body)
		}
	}
	server.Thaw()
	var second granted
	rig.Within(t, 20*time.Second, func() error {
		if second = refresh(t, e.Node, first.refresh); second.status == http.StatusServiceUnavailable {
			return fmt.Errorf("%d %s", second.status, second.body)
		}
		return nil
	})
	if second.status != http.StatusOK {
		t.Fatalf("the refresh that gets an answer: %d %s", second.status, second.body)
	}
	third := refresh(t, e.Node, second.refresh)
	if third.status != http.StatusOK {
		t.Fatalf("the next refresh: %d %s", third.status, third.body)
	}
	for _, g := range []granted{first, second, third} {
		e.Accept(t, e.Node, rig.Bearer(g.access))
	}
	if g := refresh(t, e.Node, first.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a used refresh token: %d %s", g.status, g.body)
	}
	if err := revoked(t, e, e.Node, third.access); err != nil {
		t.Errorf("the stolen session: %v", err)
	}
}

// boundedSessions: one more ends the oldest, and so many logins in a minute are enough.
func boundedSessions(t *testing.T, e *rig.Env) {
	bounded := gateway.Endpoint{
		Kind: "token", Name: "bounded", Location: "/bounded/token", Cache: "sessions",
		Config: map[string]any{"max_sessions": 2, "max_logins": 4},
	}
	if err := e.Node.Create(t.Context(), bounded); err != nil {
		t.Fatal(err)
	}
	e.Add(t, rig.IssuingApp("mall"))
	var sessions []granted
	rig.Within(t, 10*time.Second, func() error {
		g, err := patientPost(e.Node, bounded.Location, loginForm("mall", "ann"), nil)
		if err == nil && g.access == "" {
			err = fmt.Errorf("%d %s", g.status, g.body)
		}
		sessions = append(sessions[:0], g)
		return err
	})
	for range 2 {
		g, err := patientPost(e.Node, bounded.Location, loginForm("mall", "ann"), nil)
		if err != nil || g.status != http.StatusOK {
			t.Fatalf("%v, %d %s", err, g.status, g.body)
		}
		sessions = append(sessions, g)
	}
	if err := revoked(t, e, e.Node, sessions[0].access); err != nil {
		t.Errorf("the oldest of three sessions: %v", err)
	}
	for _, g := range sessions[1:] {
		e.Accept(t, e.Node, rig.Bearer(g.access))
	}
	got := atOnce(t, 4, func(int) (granted, error) {
		return patientPost(e.Node, bounded.Location, loginForm("mall", "ann"), nil)
	})
	if got[http.StatusTooManyRequests] < 3 || got[http.StatusOK]+got[http.StatusTooManyRequests] != 4 {
		t.Errorf("more logins in the minute: %v", got)
	}
}

// throughProxy: who comes through a trusted proxy shares no other client's failures.
func throughProxy(t *testing.T, e *rig.Env) {
	behind := gateway.Endpoint{
		Kind: "token", Name: "behind", Location: "/behind/token", Cache: "sessions",
		Config: map[string]any{"trusted_proxies": []string{"127.0.0.0/8"}},
	}
	if err := e.Node.Create(t.Context(), behind); err != nil {
		t.Fatal(err)
	}
	send := func(address string, form []string) (granted, error) {
		return patientPost(e.Node, behind.Location, form, []string{"X-Forwarded-For", "203.0.113.9, " + address})
	}
	rig.Within(t, 10*time.Second, func() error {
		g, err := send("192.0.2.8", loginForm("shop", "ann"))
		if err == nil && g.status != http.StatusOK {
			err = fmt.Errorf("%d %s", g.status, g.body)
		}
		return err
	})
	const tries = 110
	got := atOnce(t, tries, func(i int) (granted, error) { return send("192.0.2.7", wrongForm("shop", fmt.Sprint("nobody-", i))) })
	if got[http.StatusBadRequest] != 100 || got[http.StatusTooManyRequests] != tries-100 {
		t.Errorf("%d wrong logins of one client: %v", tries, got)
	}
	if g, err := send("192.0.2.7", loginForm("shop", "ann")); err != nil || g.status != http.StatusTooManyRequests {
		t.Errorf("the client that failed: %v, %d %s", err, g.status, g.body)
	}
	if g, err := send("192.0.2.8", loginForm("shop", "ann")); err != nil || g.status != http.StatusOK {
		t.Errorf("another client: %v, %d %s", err, g.status, g.body)
	}
}
