package inprocess

import (
	"fmt"
	"math"
	"slices"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/peer"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
	"apinto-jwt/bench/token"
)

func (f findings) tables() []report.Table {
	return append(f.acceptedTables(), f.refusedTable(1), f.refusedTable(f.several()), f.rulesTable(), f.hostTable(), f.filterTable(), f.routesTable())
}

// rows returns the contenders of the first tables.
func rows() []string {
	list := []string{OursWarm, OursCold, Builtin}
	for _, p := range peer.All() {
		list = append(list, p.Name)
	}
	return append(list, Bare)
}

// acceptedTables show time and allocations by algorithm.
func (f findings) acceptedTables() []report.Table {
	times := report.Table{
		Title: "An accepted token, one rule",
		Note: "Processor time for each request, in brackets how many times the bare cryptographic call. The driver and the builtin take the " +
			"token from the gateway's request context and name the user; the libraries get the token's text and return claims. Warm: the " +
			"token has been seen before; cold: never. The " +
			"collection of garbage is not in the times, which favours who makes much of it. " + f.noise(),
		Head: append([]string{"contender"}, token.Algorithms...),
	}
	allocations := report.Table{
		Title: "Allocations for each request",
		Note:  "Objects, in brackets bytes.",
		Head:  times.Head,
	}
	for _, name := range rows() {
		time, memory := []string{name}, []string{name}
		for _, algorithm := range token.Algorithms {
			results := f.accepted[algorithm]
			time = append(time, withRatio(results, name, Bare))
			memory = append(memory, allocated(results, name))
		}
		times.Add(time...)
		allocations.Add(memory...)
	}
	return []report.Table{times, allocations}
}

// noise says how far to trust the numbers.
func (f findings) noise() string {
	var spreads []float64
	for _, results := range f.accepted {
		for _, r := range results {
			spreads = append(spreads, r.Spread())
		}
	}
	return fmt.Sprintf("Between the rounds, half of the times lay within ± %s of the median (the median of all cells; at most ± %s).",
		report.Percent(timing.Median(spreads)), report.Percent(slices.Max(spreads)))
}

// withRatio returns a median and how many times another one it is.
func withRatio(results timing.Results, name, base string) string {
	median := results.Median(name)
	if math.IsNaN(median) {
		return "–"
	}
	return fmt.Sprintf("%s (%s)", report.Nanos(median), report.Ratio(median/results.Median(base)))
}

func allocated(results timing.Results, name string) string {
	for _, r := range results {
		if r.Name == name {
			return fmt.Sprintf("%s (%s)", report.Count(r.Allocs), report.Size(r.Bytes))
		}
	}
	return "–"
}

// refusedTable shows refused tokens with n rules.
func (f findings) refusedTable(n int) report.Table {
	t := report.Table{
		Title: fmt.Sprintf("A refused token, rules: %d", n),
		Note: "Time for each request, in brackets how many times the builtin's. All authenticators that the host has are asked: the builtin " +
			"has one for each rule, this driver one for all. The same tokens come again and again, as from clients that go on with a token that has ended.",
		Head: append([]string{"contender"}, RefusedKinds...),
	}
	for _, r := range f.refused[n][Garbage] {
		row := []string{r.Name}
		for _, kind := range RefusedKinds {
			row = append(row, withRatio(f.refused[n][kind], r.Name, Builtin))
		}
		t.Add(row...)
	}
	return t
}

// rulesTable shows what the number of rules does to the driver's own part.
func (f findings) rulesTable() report.Table {
	t := report.Table{
		Title: "The driver's own part, HS256, by number of rules",
		Note: fmt.Sprintf("Every rule has a secret of its own, and an issuer of its own but in "+
			"the last two rows. In brackets how many times the first row's time for one rule, warm or cold. %d tokens, or rules, are in turn; where "+
			"each request comes for another rule, what is known of the rule is seldom in the processor's cache.", gate.Size),
		Head: []string{"case"},
	}
	for _, n := range f.counts {
		t.Head = append(t.Head, report.Whole(n))
	}
	for _, row := range []struct{ name, base string }{
		{Warm, Warm}, {Cold, Cold}, {WarmSpread, Warm}, {ColdSpread, Cold}, {SharedWarm, Warm}, {SharedCold, Cold},
	} {
		cells := []string{row.name}
		for _, n := range f.counts {
			cells = append(cells, withRatio(f.rules, at(row.name, n), at(row.base, 1)))
		}
		t.Add(cells...)
	}
	return t
}

// hostTable shows what the host adds.
func (f findings) hostTable() report.Table {
	t := report.Table{
		Title: "With the host's loop, HS256, warm, by number of rules",
		Note: "First the authenticators alone, asked in a random order until one says yes: the builtin has one for each rule, the others one " +
			"for all. Then the whole of the host's plugin \"app\", which builds the list of authenticators for every request from those of " +
			"every application. \"Nothing\" stands for an authenticator that does nothing: the host's own work.",
		Head: []string{"case"},
	}
	for _, n := range f.counts {
		t.Head = append(t.Head, report.Whole(n))
	}
	for _, part := range []struct {
		title   string
		results map[int]timing.Results
		names   []string
	}{
		{"asked: ", f.asked, []string{OursWarm, Builtin, Nothing}},
		{"plugin: ", f.whole, []string{OursWarm, Builtin, APIKey, Nothing}},
	} {
		for _, name := range part.names {
			cells := []string{part.title + name}
			for _, n := range f.counts {
				cells = append(cells, withRatio(part.results[n], name, Nothing))
			}
			t.Add(cells...)
		}
	}
	return t
}

// filterTable shows what the route filter takes.
func (f findings) filterTable() report.Table {
	t := report.Table{
		Title: "The route filter, HS256, by number of rules",
		Note: "All that it does with a request: resolving the token, judging it, labels, the application's part. In brackets how many times " +
			"the driver with one rule, which runs beside every number.",
		Head: []string{"case"},
	}
	for _, n := range f.counts {
		t.Head = append(t.Head, report.Whole(n))
	}
	for _, name := range []string{FilterWarm, FilterCold, DriverWarm, Control} {
		cells := []string{name}
		for _, n := range f.counts {
			cells = append(cells, withRatio(f.filter[n], name, Control))
		}
		t.Add(cells...)
	}
	return t
}

// routesTable shows what a resource and an MCP server add to the filter.
func (f findings) routesTable() report.Table {
	t := report.Table{
		Title: "The route filter with a POST of 1 KiB, HS256, by what the route is",
		Note: "A token that has been seen, and a body that lies in memory. The MCP server's route judges the message, compares its headers and " +
			"takes the token out. In brackets how many times the first.",
		Head: []string{"the route asks for", "time", "allocations"},
	}
	for _, name := range []string{Plain, Resource, MCP} {
		t.Add(name, withRatio(f.routes, name, Plain), allocated(f.routes, name))
	}
	return t
}
