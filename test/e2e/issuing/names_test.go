package issuing

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/rig"
)

// Names in every place where somebody writes one.
func TestIssuingNames(t *testing.T) {
	e, _ := acceptance(t)
	app := houseApp("WareHouse", "Ann.B")
	e.Add(t, app)
	e.Add(t, houseApp("Neighbour"))
	mustLogin(t, e.Node, "WareHouse", "ann")
	mustLogin(t, e.Node, "neighbour", "ann")
	url := e.Node.URL + "/oauth/"

	for _, tt := range []struct {
		id, user string
		status   int
	}{
		{"WAREHOUSE", "ann", 200},
		{"warehouse%40APP", "ann", 200},
		{"WareHouse@App", "Ann.B", 200},
		{"warehouse", "ANN", 400},
		{"warehouse", "ann.b", 400},
		{"warehouse%40output", "ann", 400},
		{"warehous", "ann", 400},
		{"warehouse%20", "ann", 400},
		{"ware%00house", "ann", 400},
		{"", "ann", 400},
	} {
		if got := send(t, "POST", url+"token", passwordForm(tt.id, tt.user, rightPassword)); got.status != tt.status && (tt.status != 400 || got.status != 401) {
			t.Errorf("login as %q, %q: %d %s, want %d", tt.id, tt.user, got.status, got.body, tt.status)
		}
	}
	request := sendBasic(t, url+"token", "WareHOUSE|ann", "grant_type=client_credentials")
	if request.status != 200 || request.member("refresh_token") != "" || request.member("access_token") == "" {
		t.Errorf("client_credentials: %d %s", request.status, request.body)
	}
	session := login(t, e.Node, "warehouse", "ann")
	if got := send(t, "POST", url+"token", "grant_type=refresh_token&client_id=neighbour&refresh_token="+session.refresh); got.status != 400 && got.status != 401 {
		t.Errorf("refresh as another application: %d %s", got.status, got.body)
	}
	got := send(t, "POST", url+"token", "grant_type=refresh_token&client_id=WareHouse&refresh_token="+session.refresh)
	if got.status != 200 {
		t.Fatalf("refresh in mixed case: %d %s", got.status, got.body)
	}
	if got := send(t, "POST", url+"revoke", "client_id=WAREhouse%40app&token="+got.member("refresh_token")); got.status != 200 {
		t.Errorf("revoke in mixed case: %d %s", got.status, got.body)
	}
	if err := revoked(t, e, e.Node, got.member("access_token")); err != nil {
		t.Error(err)
	}

	// The hash's fields, one user each: in every spelling of the application, and of the escapes.
	secret, _ := app.Auth[0].Config["secret"].(string)
	now := time.Now().Unix()
	sign := func(user string) string {
		return jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"iss": "WareHouse", "sub": user, "iat": now - 5, "exp": now + 600, "jti": "names-" + user})
	}
	for field, user := range map[string]string{"WAREHOUSE@APP|ann": "ann", "%57areHouse|bob": "bob", "warehouse|Ann%2EB": "Ann.B"} {
		e.Accept(t, e.Node, rig.Bearer(sign(user)))
		if err := e.Node.SetHash(t.Context(), "jwt_not_before", field, fmt.Sprint(now)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := revoked(t, e, e.Node, sign(user)); err != nil {
			t.Errorf("jwt_not_before %s: %v", field, err)
		}
	}

	tool := rig.Jwtctl(t, e.Node).Run
	live := login(t, e.Node, "neighbour", "ann")
	bob := login(t, e.Node, "neighbour", "bob")
	for _, tt := range []struct {
		code int
		args string
	}{
		{1, "revoke --app NeighbourX"},
		{1, "revoke --app neighbour --user nobody"},
		{1, "revoke --app neighbour --user Ann"},
		{1, "revoke --app neighbour@output"},
		{1, "revoke --jti gone --until 1"},
		{1, "revoke --jti unknown --until +5m"},
		{0, "revoke --jti unknown --until +5m --force"},
		{2, "revoke"},
		{2, "revoke --user ann"},
		{2, "revoke --app neighbour --jti x --until +5m"},
		{2, "revoke --app neighbour --nonsense"},
		{0, "revoke --app not-there-yet --force"},
		{0, "revoke --app neighbour --user not-there-yet --force"},
	} {
		out, code := tool(strings.Fields(tt.args)...)
		if code != tt.code || code != 0 && strings.Contains(out, "ended:") {
			t.Errorf("jwtctl %s: exit status %d, want %d: %s", tt.args, code, tt.code, out)
		}
	}
	e.Accept(t, e.Node, rig.Bearer(live.access))
	if out, code := tool("revoke", "--app", "NEIGHBOUR@APP", "--user", "ann"); code != 0 {
		t.Errorf("jwtctl revoke by mixed case: %d %s", code, out)
	}
	rig.Within(t, rig.Settle, func() error { return revoked(t, e, e.Node, live.access) })
	e.Accept(t, e.Node, rig.Bearer(bob.access))
	if g := refresh(t, e.Node, live.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a session from before: %d %s", g.status, g.body)
	}
}
