package filter

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// The answer has the request's id, as it is; what cannot be one is refused.
func TestMCPRequestIDs(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("m-ids", messagesConfig(), true))
	e.Settles(t, "m-ids", rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
	bearer := "Authorization: Bearer " + rig.FilterToken(t, "shop", rig.Claims{"scope": "files:read"})
	for id, want := range map[string]string{
		`1`: "403", `-7`: "403", `0`: "403", `9007199254740993`: "403", `123456789012345678901234567890`: "403", `""`: "403", `"a\"b\u00e9\\"`: "403", `"</script>"`: "403",
		`"` + strings.Repeat("x", 250) + `"`: "403",
		`null`:                               "400", `true`: "400", `1.5`: "400", `{}`: "400", `[1]`: "400", `"` + strings.Repeat("x", 300) + `"`: "400", `1e400`: "400",
		strings.Repeat("9", 300): "400",
	} {
		got, echoed := rpc(t, e, rig.NewPath("/m-ids/"), `{"jsonrpc":"2.0","id":`+id+`,"method":"tools/call","params":{"name":"delete_file"}}`, bearer, "Content-Type: application/json")
		if !strings.HasPrefix(got, want) || want == "403" && !sameJSON(string(echoed), id) || want == "400" && string(echoed) != "null" && len(echoed) > 0 {
			t.Errorf("%.40s: got %s with the id %.40s", id, got, echoed)
		}
	}
}

// sameJSON reports whether two JSON texts are one string, or one number in the same words.
func sameJSON(a, b string) bool {
	var x, y string
	if json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil {
		return x == y
	}
	return a == b
}
