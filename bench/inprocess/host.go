package inprocess

import (
	"math/rand/v2"

	"github.com/eolinker/apinto/application/auth"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/timing"
)

// builtinMost is the most rules that the builtin is measured with: it takes a millisecond for each hundred.
const builtinMost = 100

// Asked measures accepted requests when the host asks its authenticators in an order that has nothing to do with the
// token: of the builtin's, one for each rule, half on average before the one that says yes. The host's building of the list
// is left out.
func Asked(n int, o timing.Options) timing.Results {
	rules := gate.Rules(n, false)
	texts := make([]string, gate.Size)
	for i := range texts {
		texts[i] = rules[i*n/gate.Size].New()
	}
	first := rand.New(rand.NewPCG(1, 2)).IntN
	contenders := []timing.Contender{
		driver(OursWarm, true, each(texts), untilYes(gate.BindRules(gate.Ours(), rules), first)),
		driver(Nothing, true, each(texts), untilYes(gate.BindRules(gate.Nothing(rules[0].App), rules), first)),
	}
	if n <= builtinMost {
		contenders = append(contenders, driver(Builtin, true, each(texts), untilYes(gate.BindRules(gate.Builtin(), rules), first)))
	}
	return timing.Compare(o, contenders)
}

// Whole measures the host's plugin "app" with n applications: all that the gateway does to authenticate a request, the
// list of authenticators included.
func Whole(n int, o timing.Options) timing.Results {
	rules := gate.Rules(n, false)
	texts, users := make([]string, gate.Size), make([]string, gate.Size)
	for i := range texts {
		rule := rules[i*n/gate.Size]
		texts[i], users[i] = rule.New(), rule.Claims.User
	}
	contenders := []timing.Contender{
		whole(OursWarm, gate.Ours(), rules, texts),
		whole(APIKey, gate.APIKey(), rules, users),
		whole(Nothing, gate.Nothing(rules[0].App), rules, texts),
	}
	if n <= builtinMost {
		contenders = append(contenders, whole(Builtin, gate.Builtin(), rules, texts))
	}
	return timing.Compare(o, contenders)
}

func whole(name string, f auth.IAuthFactory, rules []gate.Rule, texts []string) timing.Contender {
	p := gate.NewPlugin(f, rules)
	c := driver(name, true, each(texts), func(_ int, ctx http_service.IHttpContext) bool { return p.Serve(ctx) })
	prepare := c.Prepare
	c.Prepare = func() {
		p.Use()
		prepare()
	}
	return c
}
