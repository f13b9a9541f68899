package inprocess

import (
	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/peer"
	"apinto-jwt/bench/timing"
)

// Accepted measures good tokens at one rule.
func Accepted(algorithm string, o Options) timing.Results {
	rule := gate.OneRule(algorithm)
	texts := rule.Key.Many(gate.Size, rule.Claims)
	contenders := []timing.Contender{
		driver(OursWarm, true, each(texts), one(gate.BindRules(gate.Ours(), []gate.Rule{rule})[0])),
		cold(OursCold, rule, o.Supply),
	}
	if BuiltinHas(algorithm) {
		contenders = append(contenders, driver(Builtin, true, each(texts), one(gate.BindRules(gate.Builtin(), []gate.Rule{rule})[0])))
	}
	for _, p := range peer.All() {
		contenders = append(contenders, library(p, rule.Key, true, texts))
	}
	return timing.Compare(o.Options, append(contenders, bare(rule.Key, texts)))
}

// BuiltinHas reports whether the host's own driver knows the algorithm.
func BuiltinHas(algorithm string) bool {
	return algorithm != "PS256" && algorithm != "EdDSA"
}

// cold is our driver with tokens that it has not seen. When those that were signed beforehand are used up the driver is
// made anew and has seen none of them; then some others come first, so that it is not in the time that the system lays
// out its tables.
func cold(name string, rule gate.Rule, supply int) timing.Contender {
	texts := rule.Key.Many(max(supply, 2*gate.Size), rule.Claims)
	others := rule.Key.Many(settling, rule.Claims)
	next := len(texts)
	a := gate.BindRules(gate.Ours(), []gate.Rule{rule})[0]
	c := driver(name, true, func(i int) string { return texts[next+i] }, func(_ int, ctx http_service.IHttpContext) bool {
		_, ok := a.GetUser(ctx)
		return ok
	})
	fill := c.Prepare
	c.Prepare = func() {
		if next += gate.Size + 1; next+gate.Size >= len(texts) {
			next = 0
			a = gate.BindRules(gate.Ours(), []gate.Rule{rule})[0]
			settle(a, others)
		}
		fill()
	}
	return c
}

// settling is how many tokens settle a driver that has been made anew.
const settling = 256

// settle asks for the tokens.
func settle(a application.IAuth, texts []string) {
	ring := new(gate.Ring)
	for len(texts) > 0 {
		ring.Fill(each(texts))
		for i := range min(gate.Size, len(texts)) {
			if _, ok := a.GetUser(ring.At(i)); !ok {
				panic("inprocess: a good token is refused")
			}
		}
		texts = texts[min(gate.Size, len(texts)):]
	}
}
