package peers

import (
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/bench/report"
)

// outcome returns all measurements, or those so far.
func (b *bench) outcome() report.Outcome {
	if len(b.results) == 0 {
		return report.Outcome{}
	}
	var done []loadCase
	for _, c := range cases(b.options.Apps) {
		if b.results[c.name] != nil {
			done = append(done, c)
		}
	}
	tables := []report.Table{b.costTable(done)}
	for _, c := range done {
		tables = append(tables, b.caseTable(c))
	}
	return report.Outcome{Tables: tables, Figures: b.results.figures()}
}

// costTable shows the processor time of every contender in every case.
func (b *bench) costTable(done []loadCase) report.Table {
	t := report.Table{
		Title: "Peers: processor time for each request",
		Note: fmt.Sprintf("User and system time of all processes of the server, in µs; it does not depend on what the load generator takes. Load by "+
			"%s, as fast as it is answered; medians of %d rounds of %s in the base (%s), of %d in the other cases, which differ from it in one thing each. "+
			"All servers may use all %d processors and stand on loopback before one upstream, which answers itself. Every route was seen to answer a "+
			"good token with 200 and a forged one with 401 or 403. The figures are medians of the rounds' own ratios.",
			b.loader.Name(), b.options.rounds(base), b.options.Duration, base.describe(), b.options.rounds(loadCase{}), processors),
		Head: []string{"route"},
	}
	for _, c := range done {
		t.Head = append(t.Head, c.name)
	}
	for _, one := range b.fleet.contenders {
		cells := []string{one.name}
		for _, c := range done {
			m, ok := b.results[c.name][one.name]
			if !ok || m.why != "" {
				cells = append(cells, "–")
				continue
			}
			cells = append(cells, micros(float64(m.cpu)))
		}
		t.Add(cells...)
	}
	return t
}

// caseTable shows all that was measured in a case.
func (b *bench) caseTable(c loadCase) report.Table {
	t := report.Table{
		Title: "Peers, " + c.name,
		Note: c.describe() + ". Latency is at a fixed rate, half of the greatest one that the route reached; it counts from when a request was due. " +
			"Memory is resident after the load as fast as it goes, shared pages counted once.",
		Head: []string{"route", "requests/s", "CPU a request", "fixed rate", "p50", "p99", "memory", "processes"},
	}
	var notes []string
	for _, one := range b.fleet.contenders {
		m, ok := b.results[c.name][one.name]
		if !ok {
			continue
		}
		if m.why != "" {
			notes = append(notes, fmt.Sprintf("%s: %s", one.name, strings.ReplaceAll(m.why, "\n", "; ")))
			t.Add(one.name, "–", "–", "–", "–", "–", "–", "–")
			continue
		}
		star := ""
		if m.repeated {
			star = "*"
		}
		t.Add(one.name, report.Whole(int(m.rate))+star, micros(float64(m.cpu)), report.Whole(int(m.fixed))+"/s",
			report.Nanos(float64(m.p50)), report.Nanos(float64(m.p99)), report.Size(m.memory), fmt.Sprint(m.processes))
	}
	if slices.ContainsFunc(t.Rows, func(row []string) bool { return strings.HasSuffix(row[1], "*") }) {
		t.Note += " A star: new tokens were used up before the end of a round."
	}
	if len(notes) > 0 {
		t.Note += " Not measured: " + strings.Join(notes, "; ") + "."
	}
	return t
}

// micros writes a time in microseconds.
func micros(ns float64) string { return fmt.Sprintf("%.1f µs", ns/1e3) }
