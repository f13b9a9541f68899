package peers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apinto-jwt/bench/load"
	"apinto-jwt/bench/process"
	"apinto-jwt/bench/timing"
)

// measured is the result of a contender in a case, medians of its rounds.
type measured struct {
	rate      float64       // requests a second, as fast as it goes
	cpu       time.Duration // of the processors, for each request, in all processes
	memory    float64       // resident in all processes after the load, in bytes
	processes int
	fixed     float64       // the rate of the open loop: half of the greatest one seen
	p50, p99  time.Duration // at the fixed rate
	cpus      []float64     // cpu of each round, in ns
	repeated  bool          // new tokens were used up before the end of a round
	why       string        // reason if it was not measured; empty: it was
}

// run is one contender in one case.
type run struct {
	contender
	loadCase loadCase
	request  load.Request
	rates    []float64
	memories []float64
	p50s     []float64
	p99s     []float64
	measured
}

// perRequest returns the processor time of one request: the difference of two counts, divided. 0 if there was no request.
func perRequest(before, after time.Duration, requests int) float64 {
	if requests < 1 {
		return 0
	}
	return float64(after-before) / float64(requests)
}

// prepare has the server serve the case and sees that it does what it should.
func (r *run) prepare(ctx context.Context) error {
	served := r.served(r.loadCase)
	url, err := r.peer.url(served, r.open)
	if err != nil {
		return err
	}
	if err := r.peer.prepare(ctx, served); err != nil {
		return err
	}
	if err := check(ctx, url, served, r.open); err != nil {
		return err
	}
	r.request = load.Request{URL: url, Connections: served.connections, Body: served.body}
	if !r.open || r.token {
		r.request.Header, r.request.Values = "Authorization", []string{"Bearer " + served.rule().New()}
	}
	return nil
}

// firstRate is a guess of the tokens needed a second, before there is a measurement.
const firstRate = 30_000

// supply makes the tokens of the next load, if each request brings a new one.
func (r *run) supply(rate float64, duration time.Duration) {
	if !r.loadCase.fresh || r.open {
		return
	}
	rule := r.loadCase.rule()
	values := rule.Key.Many(int(rate*duration.Seconds())+1000, rule.Claims)
	for i := range values {
		values[i] = "Bearer " + values[i]
	}
	r.request.Values = values
}

// greatest returns the greatest rate so far.
func (r *run) greatest() float64 {
	if len(r.rates) == 0 {
		return 0
	}
	return slices.Max(r.rates)
}

// fast loads the server as fast as it answers.
func (r *run) fast(ctx context.Context, loader load.Loader, duration time.Duration) error {
	need := float64(firstRate)
	if greatest := r.greatest(); greatest > 0 {
		need = 1.3 * greatest
	}
	r.supply(need, duration)
	before, err := process.CPU(r.peer.root())
	if err != nil {
		return err
	}
	s, err := loader.Run(ctx, r.request, duration)
	if err != nil {
		return err
	}
	after, err := process.Of(r.peer.root())
	if err != nil {
		return err
	}
	r.rates = append(r.rates, s.Rate)
	r.cpus = append(r.cpus, perRequest(before, after.CPU, s.Sent))
	r.memories = append(r.memories, float64(after.Memory))
	r.processes = after.Processes
	r.repeated = r.repeated || r.loadCase.fresh && !r.open && s.Sent > len(r.request.Values)
	return nil
}

// steady loads the server at half of the greatest rate.
func (r *run) steady(ctx context.Context, duration time.Duration) error {
	r.fixed = r.greatest() / 2
	r.supply(r.fixed, duration)
	s, err := load.AtRate(ctx, r.request, r.fixed, duration)
	if err != nil {
		return err
	}
	r.p50s, r.p99s = append(r.p50s, float64(s.P50)), append(r.p99s, float64(s.P99))
	return nil
}

// result returns the medians of the rounds.
func (r *run) result() measured {
	m := r.measured
	if m.why != "" {
		return m
	}
	m.rate, m.cpu, m.memory = timing.Median(r.rates), time.Duration(timing.Median(r.cpus)), timing.Median(r.memories)
	m.p50, m.p99 = time.Duration(timing.Median(r.p50s)), time.Duration(timing.Median(r.p99s))
	return m
}

// failed takes a run out of the case, with the reason.
func (r *run) failed(err error) { r.why = err.Error() }

// String names the run.
func (r *run) String() string { return fmt.Sprintf("%s, %s", r.loadCase.name, r.name) }
