package inprocess

import (
	"fmt"
	"io"
	"runtime"

	"apinto-jwt/bench/peer"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
	"apinto-jwt/bench/token"
)

// findings is all that is measured here.
type findings struct {
	accepted map[string]timing.Results         // by algorithm
	refused  map[int]map[string]timing.Results // by number of rules and kind
	rules    timing.Results
	asked    map[int]timing.Results // by number of rules
	whole    map[int]timing.Results
	filter   map[int]timing.Results
	routes   timing.Results
	counts   []int // of rules
}

// Options bound a run.
type Options struct {
	timing.Options
	Rules    []int     // the numbers of rules that are compared, from 1 on
	Supply   int       // tokens that are signed beforehand for each algorithm, to be seen once
	Progress io.Writer // gets a line for each comparison
}

// Run measures everything, on one processor: the host stops the world for every request that is prepared, which takes
// long with several.
func Run(o Options) report.Outcome {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f := findings{
		counts:   o.Rules,
		accepted: make(map[string]timing.Results),
		refused:  make(map[int]map[string]timing.Results),
		asked:    make(map[int]timing.Results),
		whole:    make(map[int]timing.Results),
		filter:   make(map[int]timing.Results),
	}
	for _, algorithm := range token.Algorithms {
		fmt.Fprintf(o.Progress, "in process: %s …\n", algorithm)
		f.accepted[algorithm] = Accepted(algorithm, o)
	}
	for _, n := range []int{1, f.several()} {
		f.refused[n] = make(map[string]timing.Results)
		for _, kind := range RefusedKinds {
			fmt.Fprintf(o.Progress, "in process: refused, %s, rules: %d …\n", kind, n)
			f.refused[n][kind] = Refused(kind, n, o.Options)
		}
	}
	fmt.Fprintf(o.Progress, "in process: 1 to %d rules …\n", f.counts[len(f.counts)-1])
	f.rules = Rules(f.counts, o.Options)
	for _, n := range f.counts {
		fmt.Fprintf(o.Progress, "in process: the host's loop, rules: %d …\n", n)
		f.asked[n], f.whole[n] = Asked(n, o.Options), Whole(n, o.Options)
	}
	for _, n := range f.counts { // last, as its rules stay in the process's driver
		fmt.Fprintf(o.Progress, "in process: the filter, rules: %d …\n", n)
		f.filter[n] = Filter(n, o.Options)
	}
	fmt.Fprintln(o.Progress, "in process: routes …")
	f.routes = Routes(o.Options)
	return report.Outcome{Tables: f.tables(), Figures: f.figures(), Bars: f.bars()}
}

// several returns the number of rules that refused requests are measured with, beside one.
func (f findings) several() int { return min(builtinMost, f.counts[len(f.counts)-1]) }

// figures checks the promises.
func (f findings) figures() []report.Figure {
	var list []report.Figure
	for _, promise := range []struct {
		algorithm string
		least     float64
	}{{"HS256", 25}, {"RS256", 90}, {"ES256", 170}} {
		ratio := f.accepted[promise.algorithm].Ratio(Builtin, OursWarm)
		list = append(list, report.AtLeast("warm "+promise.algorithm+", 1 rule: builtin ÷ ours", ratio, promise.least))
	}
	most := 0.0
	for _, results := range f.accepted {
		most = max(most, results.Allocs(OursWarm))
	}
	list = append(list, report.AtMost("warm, any algorithm: allocations", most, 3).In(""))
	hs256 := f.accepted["HS256"]
	list = append(list, report.AtLeast("cold HS256, 1 rule: builtin ÷ ours", hs256.Ratio(Builtin, OursCold), 5))
	for _, p := range peer.All() {
		list = append(list, report.AtLeast("cold HS256: "+p.Name+" ÷ ours", hs256.Ratio(p.Name, OursCold), 1))
	}
	for _, algorithm := range token.Algorithms[1:] {
		list = append(list, report.AtMost("cold "+algorithm+": ours ÷ bare crypto", f.accepted[algorithm].Ratio(OursCold, Bare), 1.12))
	}
	last := f.counts[len(f.counts)-1]
	list = append(list,
		report.AtMost(report.Whole(last)+" rules ÷ 1, warm, the driver's part", f.rules.Ratio(at(Warm, last), at(Warm, 1)), 1.3),
		report.AtMost(report.Whole(last)+" rules ÷ 1, cold, the driver's part", f.rules.Ratio(at(Cold, last), at(Cold, 1)), 1.5),
	)
	for _, kind := range []string{Garbage, WrongSignature} {
		list = append(list,
			report.AtMost("refused, "+kind+", 1 rule: ours ÷ builtin", f.refused[1][kind].Ratio(Ours, Builtin), 0.5),
			report.AtMost(fmt.Sprintf("refused, %s, %d rules: ours ÷ builtin", kind, f.several()), f.refused[f.several()][kind].Ratio(Ours, Builtin), 0.02),
		)
	}
	worst := 0.0
	for _, n := range f.counts {
		worst = max(worst, f.filter[n].Ratio(FilterWarm, DriverWarm))
	}
	return append(list,
		report.AtMost("warm, the whole filter ÷ the driver, any number of rules", worst, 2),
		report.AtMost("warm, the filter, "+report.Whole(last)+" rules ÷ 1", f.filterGrowth(last), 1.2),
		report.AtMost("warm, the filter with a resource ÷ without", f.routes.Ratio(Resource, Plain), 1.05),
		report.AtMost("warm, what judging a message of 1 KiB adds", (f.routes.Median(MCP)-f.routes.Median(Resource))/1000, 3).In(" µs"),
	)
}

// filterGrowth returns how many times its time for one rule the filter takes for n, both measured against the control.
func (f findings) filterGrowth(n int) float64 {
	return f.filter[n].Ratio(FilterWarm, Control) / f.filter[1].Ratio(FilterWarm, Control)
}

// bars are for the picture.
func (f findings) bars() []report.Bar {
	var bars []report.Bar
	for _, algorithm := range token.Algorithms {
		for _, r := range f.accepted[algorithm] {
			bars = append(bars, report.Bar{Contender: r.Name, Algorithm: algorithm, Nanos: r.Median()})
		}
	}
	return bars
}
