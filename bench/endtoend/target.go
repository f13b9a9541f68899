package endtoend

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"apinto-jwt/bench/load"
	"apinto-jwt/bench/process"
	"apinto-jwt/bench/timing"
)

// target is one thing that gets load.
type target struct {
	name    string
	request load.Request
	// values makes those of the next run, if they must be new for each.
	values func(n int) []string
	pid    func() int // of the process that answers
}

// measured is the result of a target, the median of its runs.
type measured struct {
	rate     float64       // requests a second
	cpu      time.Duration // of the processors, for each request, in the process that answers
	p99      time.Duration
	repeated bool // the values were used up before a run's end
}

// plan is how a comparison is run.
type plan struct {
	rounds   int
	duration time.Duration
	load     load.Loader
	progress io.Writer
}

// firstRate is a guess of how many values a second are needed, before there is a measurement.
const firstRate = 15_000

// compare runs the targets in turn, in an order that rotates, for as many rounds as are planned.
func (p plan) compare(ctx context.Context, title string, targets []target) (map[string]measured, error) {
	rates, cpus, p99s := make(map[string][]float64), make(map[string][]float64), make(map[string][]float64)
	repeated := make(map[string]bool)
	for round := range p.rounds {
		fmt.Fprintf(p.progress, "end to end: %s, round %d of %d …\n", title, round+1, p.rounds)
		for i := range targets {
			t := targets[(i+round)%len(targets)]
			if t.values != nil {
				rate := float64(firstRate)
				if len(rates[t.name]) > 0 {
					rate = 1.3 * slices.Max(rates[t.name])
				}
				t.request.Values = t.values(int(rate*p.duration.Seconds()) + 1000)
			}
			before := cpuTime(t.pid())
			s, err := p.load.Run(ctx, t.request, p.duration)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", title, t.name, err)
			}
			used := cpuTime(t.pid()) - before
			rates[t.name] = append(rates[t.name], s.Rate)
			cpus[t.name] = append(cpus[t.name], float64(used)/float64(max(1, s.Sent)))
			p99s[t.name] = append(p99s[t.name], float64(s.P99))
			repeated[t.name] = repeated[t.name] || t.values != nil && s.Sent > len(t.request.Values)
		}
	}
	results := make(map[string]measured)
	for name := range rates {
		results[name] = measured{
			rate:     timing.Median(rates[name]),
			cpu:      time.Duration(math.Round(timing.Median(cpus[name]))),
			p99:      time.Duration(timing.Median(p99s[name])),
			repeated: repeated[name],
		}
	}
	return results, nil
}

// cpuTime returns the processor time of a process since it started; 0 if it cannot be known.
func cpuTime(pid int) time.Duration {
	used, err := process.CPU(pid)
	if err != nil {
		return 0
	}
	return used
}
