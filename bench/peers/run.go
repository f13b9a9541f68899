// Package peers measures the gateway beside other servers that do the same, over loopback in one run: processor time of all processes for
// each request, requests a second, latency at a fixed rate, and memory.
package peers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"apinto-jwt/bench/load"
	"apinto-jwt/bench/report"
)

// Options bound a run.
type Options struct {
	Rounds   int           // of the base; the other cases have a third of them
	Duration time.Duration // of each load as fast as it goes, whole seconds; at the fixed rate half of it
	Apps     []int         // the numbers of applications, rising from 1
	Cases    []string      // the names of the cases to measure; nil: all
	Progress io.Writer
}

// rounds returns the number of rounds of a case.
func (o Options) rounds(c loadCase) int {
	if c == base {
		return o.Rounds
	}
	return max(1, o.Rounds/3)
}

// results are the measurements by case and contender.
type results map[string]map[string]measured

// bench holds the processes that run while it measures.
type bench struct {
	options Options
	loader  load.Loader
	fleet   fleet
	results results
}

// Run measures everything. It leaves no process and no file behind, also when the context ends.
func Run(ctx context.Context, o Options) (outcome report.Outcome, err error) {
	b := &bench{options: o, results: make(results)}
	b.fleet = fleet{progress: o.Progress, many: o.Apps[len(o.Apps)-1] > 1}
	defer func() { err = errors.Join(err, b.fleet.close()) }()
	if err := b.fleet.start(ctx); err != nil {
		return report.Outcome{}, err
	}
	b.loader = load.New(o.Progress) // after wrk may have been installed
	for _, c := range cases(o.Apps) {
		if len(o.Cases) > 0 && !slices.Contains(o.Cases, c.short()) {
			continue
		}
		if err = b.measure(ctx, c); err != nil {
			break
		}
	}
	return b.outcome(), err
}

// measure runs the contenders of a case in turn, in an order that rotates. One that fails does not take the others' results with it.
func (b *bench) measure(ctx context.Context, c loadCase) error {
	fmt.Fprintf(b.options.Progress, "peers: %s: %s …\n", c.name, c.describe())
	runs := b.prepare(ctx, c)
	for _, phase := range []struct {
		name string
		do   func(*run) error
	}{
		{"as fast as it goes", func(r *run) error { return r.fast(ctx, b.loader, b.options.Duration) }},
		{"at half the rate", func(r *run) error { return r.steady(ctx, b.options.Duration/2) }},
	} {
		for round := range b.options.rounds(c) {
			fmt.Fprintf(b.options.Progress, "peers: %s, %s, round %d of %d …\n", c.name, phase.name, round+1, b.options.rounds(c))
			for i := range runs {
				r := runs[(i+round)%len(runs)]
				if r.why != "" {
					continue
				}
				if err := phase.do(r); err != nil {
					fmt.Fprintf(b.options.Progress, "peers: %s: %v\n", r, err)
					r.failed(err)
				}
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
		}
	}
	b.results[c.name] = make(map[string]measured)
	for _, r := range runs {
		b.results[c.name][r.name] = r.result()
	}
	return nil
}

// prepare makes the runs of a case. Those that cannot be measured say why.
func (b *bench) prepare(ctx context.Context, c loadCase) []*run {
	var runs []*run
	for _, one := range b.fleet.contenders {
		if !one.takesPart(c) {
			continue
		}
		r := &run{contender: one, loadCase: c}
		runs = append(runs, r)
		if one.peer == nil {
			r.why = one.missing
			continue
		}
		if err := r.prepare(ctx); err != nil {
			r.failed(err)
			if !errors.Is(err, errCannot) {
				fmt.Fprintf(b.options.Progress, "peers: %s: %v\n", r, err)
			}
		}
	}
	return runs
}
