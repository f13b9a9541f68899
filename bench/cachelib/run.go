package cachelib

import (
	"fmt"
	"io"

	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
)

// Options bound a run.
type Options struct {
	timing.Options
	Requests int       // different ones; the traffic begins again when they are used up
	Capacity int       // entries that a store has room for
	Progress io.Writer // gets a line for each comparison
}

// Run measures everything.
func Run(options Options) report.Outcome {
	all, o := makeRequests(max(options.Requests, batch)), options.Options
	tables := []report.Table{keyTable(all, o)}
	for _, one := range []struct {
		name    string
		measure func() []row
	}{
		{byHash.name, func() []row { return measure(byHash, all, options) }},
		{byDigest.name, func() []row { return measure(byDigest, all, options) }},
		{byText.name, func() []row { return measure(byText, all, options) }},
	} {
		fmt.Fprintf(options.Progress, "cache libraries: key %s …\n", one.name)
		tables = append(tables, table(one.name, options.Capacity, one.measure()))
	}
	return report.Outcome{Tables: tables}
}
