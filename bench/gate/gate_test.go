package gate

import (
	"testing"

	"github.com/eolinker/apinto/application/auth"
)

// What is measured is what the gateway would do: each driver accepts its rules' tokens and refuses the others.
func TestBind(t *testing.T) {
	rules := Rules(3, false)
	for name, f := range map[string]auth.IAuthFactory{"ours": Ours(), "without cache": OursWithCache(0), "builtin": Builtin()} {
		bound := BindRules(f, rules)
		var ring Ring
		ring.Fill(func(i int) string { return rules[i%3].New() })
		for i := range Size {
			user, ok := bound[i%3].GetUser(ring.At(i))
			if !ok || user == nil || user.Name != rules[i%3].Claims.User {
				t.Fatalf("%s refuses token %d", name, i)
			}
			if _, ok := bound[(i+1)%3].GetUser(ring.At(i)); ok {
				t.Fatalf("%s: the wrong rule accepts token %d", name, i)
			}
		}
	}
}

func TestPlugin(t *testing.T) {
	rules := Rules(3, false)
	for name, f := range map[string]auth.IAuthFactory{
		"ours": Ours(), "builtin": Builtin(), "apikey": APIKey(), "nothing": Nothing(rules[1].App),
	} {
		p := NewPlugin(f, rules)
		p.Use()
		var ring Ring
		ring.Fill(func(i int) string {
			if name == "apikey" {
				return rules[i%3].Claims.User
			}
			return rules[i%3].New()
		})
		for i := range Size {
			if !p.Serve(ring.At(i)) {
				t.Fatalf("%s refuses token %d", name, i)
			}
		}
		if name == "nothing" {
			continue
		}
		ring.Fill(func(int) string { return "x.y.z" })
		if p.Serve(ring.At(0)) {
			t.Fatalf("%s accepts garbage", name)
		}
	}
}

func TestFilter(t *testing.T) {
	rules := Rules(3, false)
	for n := 1; n <= 3; n++ { // as the applications of a gateway grow
		p := NewFilter(rules[:n])
		p.Use()
		var ring Ring
		ring.Fill(func(i int) string { return rules[i%3].New() })
		for i := range Size {
			if p.Serve(ring.At(i)) != (i%3 < n) {
				t.Fatalf("%d rules: the wrong answer to token %d", n, i)
			}
		}
	}
}
