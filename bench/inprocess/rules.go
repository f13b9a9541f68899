package inprocess

import (
	"fmt"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/timing"
)

// The rows of the comparison of numbers of rules.
const (
	Warm          = "warm"
	Cold          = "cold"
	WarmSpread    = "warm, each request another rule"
	ColdSpread    = "cold, each request another rule"
	SharedWarm    = "one issuer for all rules, warm"
	SharedCold    = "one issuer for all rules, cold"
	OneAtRules    = "%s, %d rules"
	sharedAtRules = 1_000 // more take a second for a batch: no rule can be told from another by the token
)

// Rules measures the driver's own part, the authenticator that is asked, with HS256 and more and more rules. All counts
// run side by side. Names are "<row>, <n> rules".
func Rules(counts []int, o timing.Options) timing.Results {
	var contenders []timing.Contender
	for _, n := range counts {
		rules := gate.Rules(n, false)
		a := gate.BindRules(gate.Ours(), rules)[0]
		some := func(i int) int { return i % gate.Size * n / gate.Size }
		contenders = append(contenders,
			warmOf(at(Warm, n), rules, a, some),
			coldOf(at(Cold, n), rules, a, some),
		)
		if n == 1 {
			continue
		}
		contenders = append(contenders,
			warmOf(at(WarmSpread, n), rules, a, turn(n)),
			coldOf(at(ColdSpread, n), rules, a, turn(n)),
		)
		if n <= sharedAtRules {
			rules = gate.Rules(n, true)
			a = gate.BindRules(gate.Ours(), rules)[0]
			contenders = append(contenders,
				warmOf(at(SharedWarm, n), rules, a, some),
				coldOf(at(SharedCold, n), rules, a, some),
			)
		}
	}
	return timing.Compare(o, contenders)
}

// at names a contender.
func at(row string, n int) string { return fmt.Sprintf(OneAtRules, row, n) }

// turn walks through all rules, from batch to batch.
func turn(n int) func(int) int {
	next := 0
	return func(int) int {
		next = (next + 1) % n
		return next
	}
}

// warmOf asks about tokens that have been seen before: as many as there are requests in a batch, whatever the number of
// rules, or one for each rule if these are more.
func warmOf(name string, rules []gate.Rule, a application.IAuth, pick func(int) int) timing.Contender {
	texts := make(map[[2]int]string)
	pickText := func(i int) string {
		own := pick(i)
		name := [2]int{own, i}
		if len(rules) > gate.Size {
			name[1] = 0
		}
		text, ok := texts[name]
		if !ok {
			text = rules[own].New()
			texts[name] = text
		}
		return text
	}
	c := driver(name, true, pickText, one(a))
	for range 3 { // every token is seen before the time runs
		for range len(rules)/gate.Size + 1 {
			c.Prepare()
			c.Run()
		}
	}
	return c
}

// coldOf asks about tokens that nobody has seen.
func coldOf(name string, rules []gate.Rule, a application.IAuth, pick func(int) int) timing.Contender {
	return driver(name, true, func(i int) string { return rules[pick(i)].New() }, one(a))
}
