package driver

import (
	"encoding/json"
	"fmt"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// JSONPath filters and functions as ojg has them, in "path" of an application of its own header.
func TestMigrationPaths(t *testing.T) {
	e := rig.Shared(t)
	const payload = `{"users":[{"name":"nobody","roles":[],"n":1,"m":{}},{"name":"ann","roles":["a","b"],"n":7,"m":{"k":1},"nick":"a.n"},{"name":"last","n":null}],
		"one":{"two words":"ann"},"list":["x","ann"],"a.b":"ann","é":"ann","empty":""}`
	var members map[string]any
	must.Succeed(t, json.Unmarshal([]byte(payload), &members))
	for i, tt := range []struct {
		path string
		user string // who is found; empty: nobody
	}{
		{"$.users[?('a' in @.roles)].name", "ann"},
		{"$.users[?(@.name in ['x','ann'])].name", "ann"},
		{"$.users[?(@.n in [7,8])].name", "ann"},
		{"$.users[?('z' in @.roles)].name", ""},
		{"$.users[?(length(@.roles) == 2)].name", "ann"},
		{"$.users[?(length(@.roles) > 5)].name", ""},
		{"$.users[?(length(@.m) == 1)].name", "ann"},
		{"$.users[?(length(@.name) == 3)].name", "ann"},
		{"$.users[?(@.roles empty false)].name", "ann"},
		{"$.users[?(@.roles empty true)].name", "nobody"},
		{"$.users[?(@.m empty false)].name", "ann"},
		{"$.users[?(@.nick has true)].name", "ann"},
		{"$.users[?(@.nick exists true)].name", "ann"},
		{"$.users[?(count(@.roles[*]) == 2)].name", "ann"},
		{"$.users[?(@.name =~ /^an+$/)].name", "ann"},
		{"$.users[?(match(@.name, 'an.'))].name", "ann"},
		{"$.users[?(search(@.nick, 'n'))].name", "ann"},
		{"$.users[?(@.n > 3 && @.n < 9)].name", "ann"},
		{"$.users[?(@.n == 1 || @.n == 2)].name", "nobody"},
		{"$.users[?(@.n == null)].name", "last"},
		{"$.users[?(@.roles[1] == 'b')].name", "ann"},
		{"$.users[?(@.n == $.users[1].n)].name", "ann"},
		{"$.users[1].name", "ann"},
		{"$.users[-2].name", "ann"},
		{"$.users[1:2].name", "ann"},
		{"$..nick", "a.n"},
		{"$['one']['two words']", "ann"},
		{"$.list[-1]", "ann"},
		{"$['a.b']", "ann"},
		{"$.é", "ann"},
		{"$.empty", ""},
	} {
		name := fmt.Sprint("path-", i)
		app := gateway.JWTApp(name, gateway.Auth{
			Position: "header", TokenName: "X-" + name, Users: []gateway.User{{Name: "ann"}, {Name: "nobody"}, {Name: "last"}, {Name: "a.n"}},
			Config: gateway.Rule{"algorithm": "HS256", "secret": "the secret of the paths, long enough " + name, "path": tt.path},
		})
		if err := e.Node.Create(t.Context(), app); err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		request := rig.InHeader("X-"+name, jwttest.Sign(t, "HS256", app.Auth[0].Config["secret"], nil, members))
		if tt.user == "" {
			e.Refuse(t, e.Node, request)
		} else {
			rig.Within(t, rig.Settle, func() error {
				got := e.Send(t, e.Node, request)
				if err := got.Accepted(); err != nil {
					return fmt.Errorf("%s: %w", tt.path, err)
				}
				return nil
			})
		}
		must.Succeed(t, e.Node.Delete(t.Context(), app))
	}
}
