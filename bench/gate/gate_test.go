package gate

import (
	"testing"

	"github.com/eolinker/apinto/application/auth"
)

// The measured work is the gateway's own: each driver accepts its rules' tokens and refuses the others.
func TestBind(t *testing.T) {
	rules := Rules(3, false)
	for name, f := range map[string]auth.IAuthFactory{"ours": Ours(), "without cache": OursWithCache(0), "builtin": Builtin()} {
		bound := BindRules(f, rules)
		var ring Ring
		ring.Fill(func(i int) string { return rules[i%3].New() })
		for i := range Size {
			var names []string
			for _, a := range bound {
				if user, ok := a.GetUser(ring.At(i)); ok {
					names = append(names, user.Name)
				}
			}
			if len(names) != 1 || names[0] != rules[i%3].Claims.User {
				t.Fatalf("%s: token %d is of %v", name, i, names)
			}
		}
		if want := map[bool]int{true: 3, false: 1}[name == "builtin"]; len(bound) != want {
			t.Errorf("%s: %d authenticators, want %d", name, len(bound), want)
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
