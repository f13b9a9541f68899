// Package soak loads one gateway for long: many applications, more tokens than the driver's cache can hold, and rules that change each second.
package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
	"apinto-jwt/bench/report"
)

// Options bound a run.
type Options struct {
	Length   time.Duration
	Apps     int // applications, at least 2
	Tokens   int // different tokens
	Progress io.Writer
}

// run is one soak with its results.
type run struct {
	options Options
	side    *apinto.Side
	rules   []gate.Rule
	sent    load.Sample
	failure error // of requests
	changes changes
	samples []sample
}

// Run starts a gateway and loads it. It leaves no process and no file behind, also when the context ends.
func Run(ctx context.Context, o Options) (outcome report.Outcome, err error) {
	r := &run{options: o, rules: gate.Rules(o.Apps, false)}
	dir, err := os.MkdirTemp("", "apinto-jwt-soak-")
	if err != nil {
		return outcome, fmt.Errorf("soak: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	up, err := apinto.StartUpstream()
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, up.Close()) }()
	fmt.Fprintln(o.Progress, "soak: building the gateway (a first time takes minutes) …")
	binary, err := apinto.Ours(ctx, filepath.Join(dir, "apinto"))
	if err != nil {
		return outcome, err
	}
	if r.side, err = apinto.Start(ctx, apinto.Options{Name: "soak", Binary: binary, Upstream: up.Address()}); err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, r.side.Close()) }()
	fmt.Fprintf(o.Progress, "soak: adding %s applications …\n", report.Whole(o.Apps))
	if err := errors.Join(r.side.Grow(ctx, r.rules), r.side.Settle(ctx, r.rules)); err != nil {
		return outcome, err
	}
	if err := r.soak(ctx); err != nil {
		return outcome, err
	}
	return r.outcome(), nil
}

// soak loads, changes rules and looks at the memory, all at once. Requests and changes that fail are results, not errors.
func (r *run) soak(ctx context.Context) error {
	o := r.options
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request := load.Request{
		URL: r.side.Node.URL + "/orders/42", Header: "Authorization",
		Make: func(n int) string { return "Bearer " + tokenOf(r.rules, number(n, o.Tokens)) },
	}
	beside, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { r.changes.run(beside, r.side, r.rules) })
	done.Go(func() { r.samples = watch(beside, r.side.Node.Master(), r.side.Node.Worker, o) })
	fmt.Fprintf(o.Progress, "soak: %s at %.0f requests a second …\n", o.Length, rate(o))
	sent, err := load.AtRate(ctx, request, rate(o), o.Length)
	stop()
	done.Wait()
	r.sent, r.failure = sent, err
	if errors.Is(err, load.ErrRefused) {
		return nil
	}
	return err
}
