package driver

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/token"
)

// A refusal is told to who follows, while the stream is open and after the fact, through the gateway's own way to its worker.
func TestWatch(t *testing.T) {
	e := rig.Shared(t)
	tool := rig.Jwtctl(t, e.Node)
	user := "watched-" + time.Now().Format("150405.000000")
	raw := jwttest.Sign(t, "HS256", rig.AnchorSecret, nil, rig.Claims{"sub": user})
	type result struct {
		out  string
		code int
	}
	followed := make(chan result, 1)
	go func() {
		out, code := tool.Run("watch", "--reason", "user_unknown", "--count", "1", "--for", "30s", "--output", "json")
		followed <- result{out, code}
	}()
	for {
		e.Refuse(t, e.Node, rig.Bearer(raw)) // again, until the tool has begun to follow
		select {
		case got := <-followed:
			var one struct {
				Reason    string `json:"reason"`
				RequestID string `json:"request_id"`
			}
			must.Succeed(t, json.Unmarshal([]byte(got.out), &one))
			if got.code != 0 || one.Reason != "user_unknown" || one.RequestID == "" || strings.Contains(got.out, raw) || strings.Contains(got.out, user) {
				t.Errorf("exit status %d: %s", got.code, got.out)
			}
			past, code := tool.Run("watch", "--past", "--reason", "user_unknown", "--for", "3s")
			if code != 0 || !strings.Contains(past, token.Fingerprint(raw)) {
				t.Errorf("exit status %d: %s", code, past)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
