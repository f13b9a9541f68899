package inprocess

import (
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/timing"
)

// The contenders beside the route filter.
const (
	FilterWarm = "filter, warm"
	FilterCold = "filter, cold"
	DriverWarm = "driver, warm"
	// Control is the driver with one rule, whatever the number: it tells drift from growth.
	Control = "driver, warm, 1 rule"
)

// Filter measures the route filter with n rules. It asks the one driver of the process, so different numbers cannot
// run side by side; they are compared by way of Control.
func Filter(n int, o timing.Options) timing.Results {
	rules := gate.Rules(n, false)
	some := func(i int) int { return i % gate.Size * n / gate.Size }
	texts := make([]string, gate.Size)
	for i := range texts {
		texts[i] = rules[some(i)].New()
	}
	p := gate.NewFilter(rules)
	p.Use()
	serve := func(_ int, ctx http_service.IHttpContext) bool { return p.Serve(ctx) }
	return timing.Compare(o, []timing.Contender{
		driver(FilterWarm, true, each(texts), serve),
		driver(FilterCold, true, func(i int) string { return rules[some(i)].New() }, serve),
		warmOf(DriverWarm, rules, gate.BindRules(gate.Installed(), rules)[0], some),
		warmOf(Control, rules[:1], gate.BindRules(gate.Ours(), rules[:1])[0], func(int) int { return 0 }),
	})
}
