package endtoend

import (
	"fmt"
	"math"
	"slices"
	"time"

	"apinto-jwt/bench/load"
	"apinto-jwt/bench/report"
)

// outcome returns all measurements, or those so far.
func (b *bench) outcome() report.Outcome {
	if len(b.results) == 0 {
		return report.Outcome{}
	}
	return report.Outcome{
		Tables:  []report.Table{b.rateTable(), b.costTable(), b.nativeTable()},
		Figures: b.figures(),
		Lines:   b.lines(),
	}
}

// of finds a measurement. Open route and API keys are measured beside every algorithm.
func (b *bench) of(n int, algorithm, name string) (measured, bool) {
	m, ok := b.results[n][algorithm][name]
	return m, ok
}

// row is a line of the tables.
type row struct{ algorithm, name string }

func (b *bench) rows() []row {
	list := []row{{algorithms[0], open}, {algorithms[0], apiKey}, {algorithms[0], hostAlone}}
	for _, algorithm := range algorithms {
		for _, name := range []string{builtinWarm, oursWarm, builtinNew, oursNew, filterWarm} {
			if _, ok := b.of(b.options.Apps[0], algorithm, name); ok {
				list = append(list, row{algorithm, name})
			}
		}
	}
	return list
}

func (r row) title() string {
	if r.name == open || r.name == apiKey || r.name == hostAlone {
		return r.name
	}
	return r.algorithm + ": " + r.name
}

// rateTable shows throughput.
func (b *bench) rateTable() report.Table {
	t := report.Table{
		Title: "End to end: requests a second",
		Note: fmt.Sprintf("Load by %s over %d connections, on the same machine as gateway and upstream; medians of %d rounds of %s. In brackets "+
			"the share of the apikey route, which is measured anew beside every algorithm. All applications but the first have HS256 rules of their own; on the apikey route, keys in one header. The "+
			"host asks one authenticator for all keys, and one for all rules of this driver; the builtin has one for each rule. \"Nothing\" is "+
			"a gateway whose one authenticator does nothing, and accepts every request for the first application. A star: new tokens were used up before the end of a round.",
			b.plan.load.Name(), load.Connections, b.plan.rounds, b.plan.duration),
		Head: []string{"route"},
	}
	for _, n := range b.options.Apps {
		t.Head = append(t.Head, plural(n))
	}
	for _, r := range b.rows() {
		cells := []string{r.title()}
		for _, n := range b.options.Apps {
			m, ok := b.of(n, r.algorithm, r.name)
			if !ok {
				cells = append(cells, "–")
				continue
			}
			key, _ := b.of(n, r.algorithm, apiKey)
			star := ""
			if m.repeated {
				star = "*"
			}
			cells = append(cells, fmt.Sprintf("%.0f%s (%.2f)", m.rate, star, m.rate/key.rate))
		}
		t.Add(cells...)
	}
	return t
}

// costTable shows what a request takes of the processors.
func (b *bench) costTable() report.Table {
	t := report.Table{
		Title: "End to end: processor time in the gateway's worker, for each request",
		Note: "This does not depend on what the load generator takes. In brackets what comes on top of the open route; then the time within " +
			"which 99 of 100 requests were answered.",
		Head: []string{"route"},
	}
	for _, n := range b.options.Apps {
		t.Head = append(t.Head, plural(n), "p99")
	}
	for _, r := range b.rows() {
		cells := []string{r.title()}
		for _, n := range b.options.Apps {
			m, ok := b.of(n, r.algorithm, r.name)
			if !ok {
				cells = append(cells, "–", "–")
				continue
			}
			base, _ := b.of(n, r.algorithm, open)
			cells = append(cells, fmt.Sprintf("%s (%s)", nanos(m.cpu), plus(m.cpu-base.cpu)), nanos(m.p99))
		}
		t.Add(cells...)
	}
	return t
}

// nativeTable compares with HAProxy: what verifying adds to each one's own open route.
func (b *bench) nativeTable() report.Table {
	t := report.Table{
		Title: "Processor time that verifying a token adds to the open route",
		Note: "Of HAProxy's jwt_verify with algorithm, issuer and expiry checked, one thread; and of the gateways with one application. HAProxy " +
			"verifies every time, as the gateways do with new tokens.",
		Head: []string{"algorithm", "HAProxy", "HAProxy, requests/s", "apinto-jwt, warm", "apinto-jwt, new tokens", "builtin"},
	}
	if b.missing != "" {
		t.Note += " Not measured: " + b.missing + "."
	}
	first := b.options.Apps[0]
	added := func(algorithm, name string) string {
		m, ok := b.of(first, algorithm, name)
		base, also := b.of(first, algorithm, open)
		if !ok || !also {
			return "–"
		}
		return plus(m.cpu - base.cpu)
	}
	if plain, ok := b.native[""]; ok {
		t.Add("none (open)", nanos(plain.cpu)+" in all", fmt.Sprintf("%.0f", plain.rate), "", "", "")
	}
	for _, algorithm := range algorithms {
		native, rate := "–", "–"
		if m, ok := b.native[algorithm]; ok {
			native = plus(m.cpu - b.native[""].cpu)
			rate = fmt.Sprintf("%.0f (%.2f)", m.rate, m.rate/b.native[""].rate)
		}
		t.Add(algorithm, native, rate, added(algorithm, oursWarm), added(algorithm, oursNew), added(algorithm, builtinWarm))
	}
	return t
}

// figures checks the promises.
func (b *bench) figures() []report.Figure {
	rate := func(n int, name string) float64 {
		m, ok := b.of(n, algorithms[0], name)
		if !ok {
			return math.NaN()
		}
		return m.rate
	}
	var list []report.Figure
	add := func(n int, what, a, base string, least float64) {
		if ratio := rate(n, a) / rate(n, base); !math.IsNaN(ratio) {
			list = append(list, report.AtLeast(fmt.Sprintf("end to end, %s, HS256: %s", plural(n), what), ratio, least))
		}
	}
	add(1, "warm ÷ apikey", oursWarm, apiKey, 0.95)
	add(1, "warm ÷ builtin", oursWarm, builtinWarm, 1.35)
	add(200, "warm ÷ builtin", oursWarm, builtinWarm, 4)
	add(1, "with filter ÷ apikey", filterWarm, apiKey, 0.97)
	last := b.options.Apps[len(b.options.Apps)-1]
	if ratio := rate(last, filterWarm) / rate(1, filterWarm); !math.IsNaN(ratio) && last > 1 {
		list = append(list, report.AtLeast(fmt.Sprintf("end to end with filter, HS256: %s ÷ 1 app", plural(last)), ratio, 0.95))
	}
	return list
}

// lines are for the picture.
func (b *bench) lines() []report.Line {
	var lines []report.Line
	for _, name := range []string{open, apiKey, oursWarm, oursNew, filterWarm, builtinWarm} {
		line := report.Line{Name: name}
		for _, n := range b.options.Apps {
			if m, ok := b.of(n, algorithms[0], name); ok {
				line.Points = append(line.Points, report.Point{Apps: n, Rate: m.rate})
			}
		}
		if name == builtinWarm && slices.Max(b.options.Apps) > maxStock {
			line.Stops = report.StopsBuiltin
		}
		if len(line.Points) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

func plural(apps int) string {
	if apps == 1 {
		return "1 app"
	}
	return report.Whole(apps) + " apps"
}

func nanos(d time.Duration) string { return report.Nanos(float64(d)) }

// plus writes a difference, which noise may make negative.
func plus(d time.Duration) string {
	if d < 0 {
		return "−" + nanos(-d)
	}
	return "+" + nanos(d)
}
