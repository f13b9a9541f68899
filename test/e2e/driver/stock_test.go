package driver

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/rig"
)

func TestEachTypeOnce(t *testing.T) {
	e := rig.Shared(t)
	body, err := e.Node.Call(t.Context(), http.MethodGet, "/setting/auth", nil)
	must.Succeed(t, err)
	var types []struct {
		Name   string          `json:"name"`
		Render json.RawMessage `json:"render"`
	}
	if err := json.Unmarshal(body, &types); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	count := map[string]int{}
	for _, one := range types {
		count[one.Name]++
		if one.Name == "jwt" && !strings.Contains(string(one.Render), "claims_to_verify") {
			t.Errorf("the form of jwt has no claims_to_verify: %s", one.Render)
		}
	}
	for _, name := range []string{"apikey", "basic", "aksk", "jwt", "oauth2", "openid-connect-jwt", "para-hmac"} {
		if count[name] != 1 {
			t.Errorf("%s is listed %d times, want 1: %v", name, count[name], count)
		}
	}
}

func TestVersion(t *testing.T) {
	e := rig.Shared(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	out, err := e.Node.Command(ctx, "version")
	must.Succeed(t, err)
	for _, line := range []string{"apinto-jwt version: ", "Apinto version: v0.22.19\n", "eosc version: v0.21.4\n", "host: "} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in %q", line, out)
		}
	}
}
