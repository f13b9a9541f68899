package admin

import (
	"encoding/json"
	"testing"
)

// An application has the users that it lists, and any where it takes any.
func TestAppHas(t *testing.T) {
	for text, want := range map[string]bool{
		`[{"type":"jwt","users":[{"pattern":{"username":"ann"}}]}]`:                                 false,
		`[{"type":"jwt","users":[{"pattern":{"username":"ann"}},{"pattern":{"username":"bob"}}]}]`:  true,
		`[{"type":"jwt","users":[{"pattern":{"username":"*"}}]}]`:                                   true,
		`[{"type":"jwt","users":[{"pattern":{"username":""}}]}]`:                                    true,
		`[{"type":"jwt","users":[{"pattern":{}},{}]}]`:                                              false,
		`[{"type":"basic","users":[{"pattern":{"username":"*"}},{"pattern":{"username":"bob"}}]}]`:  false,
		`[{"type":"basic","users":[]},{"type":"jwt","users":[{"pattern":{"username":"*"}}]}]`:       true,
		`[{"type":"jwt","users":[{"pattern":{"username":"Bob"}},{"pattern":{"username":"bob "}}]}]`: false,
	} {
		var app App
		if err := json.Unmarshal([]byte(`{"auth":`+text+`}`), &app); err != nil {
			t.Fatal(err)
		}
		if got := app.Has("bob"); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}
