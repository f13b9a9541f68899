package driver

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// saved sends an application as text, so that it may have any field; error is the admin API's.
func saved(t *testing.T, e *rig.Env, text string) error {
	t.Helper()
	var body any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	_, err := e.Node.Call(t.Context(), "POST", "/api/app", body)
	return err
}

// A field's name in another case is that field, as the host reads JSON: it is in force.
func TestMigrationFieldCase(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of fields in another case"
	full := rig.Claims{"sub": "ann", "aud": "orders", "role": "admin", "iat": time.Now().Unix(), "exp": time.Now().Unix() + 50}
	for i, tt := range []struct{ field, value, without string }{
		{"Audience", `["orders"]`, "aud"},
		{"AUDIENCE", `["orders"]`, "aud"},
		{"Required_Claims", `{"role":["admin"]}`, "role"},
		{"Claims_To_Verify", `["exp"]`, "exp"},
		{"Max_Lifetime", "60", "iat"},
	} {
		name := fmt.Sprint("case-", i)
		err := saved(t, e, `{"name":"`+name+`","driver":"app","auth":[{"type":"jwt","position":"header","token_name":"X-`+name+`",
			"config":{"algorithm":"HS256","secret":"`+secret+`","path":"sub","`+tt.field+`":`+tt.value+`},"users":[{"pattern":{"username":"ann"}}]}]}`)
		if err != nil {
			continue // that would do, too
		}
		e.Accept(t, e.Node, rig.InHeader("X-"+name, jwttest.Sign(t, "HS256", secret, nil, full)))
		less := maps.Clone(full)
		delete(less, tt.without)
		if got := e.Send(t, e.Node, rig.InHeader("X-"+name, jwttest.Sign(t, "HS256", secret, nil, less))); got.Status != 401 {
			t.Errorf("%s has no effect: %d", tt.field, got.Status)
		}
		if err := e.Node.Delete(t.Context(), gateway.App{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
}
