// Package endtoend measures whole gateways over loopback: this project's, Apinto's own, and HAProxy, with real HTTP and
// one load generator, in short rounds that take turns.
package endtoend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
	"apinto-jwt/bench/report"
	"apinto-jwt/test/e2e/gateway"
)

// Options bound a run.
type Options struct {
	Rounds   int
	Duration time.Duration // of each load, whole seconds
	Apps     []int         // the numbers of applications, rising
	Progress io.Writer
}

// The names of the targets.
const (
	open        = "open route"
	apiKey      = "apikey"
	hostAlone   = "nothing (the host alone)"
	builtinWarm = "builtin jwt"
	builtinNew  = "builtin jwt, new tokens"
	oursWarm    = "apinto-jwt, warm"
	oursNew     = "apinto-jwt, new tokens"
	filterWarm  = "apinto-jwt + filter"
)

// algorithms are those that the gateways are measured with.
var algorithms = []string{"HS256", "RS256", "ES256"}

// maxStock is the most applications that the builtin is measured with: with 2,000 it serves some 100 requests a second.
// Beyond, only HS256 is measured, to see what the filter does.
const maxStock = 2_000

// filterPlugin is the project's route filter.
const filterPlugin = "apinto-jwt:jwt:filter"

// bench holds the processes that run while it measures.
type bench struct {
	options           Options
	plan              plan
	upstream          *apinto.Upstream
	ours, stock, keys *side
	filter            *side // nil if the gateway has none
	nothing           *side
	rules             []gate.Rule
	results           map[int]map[string]map[string]measured // by applications, algorithm, target
	native            map[string]measured
	missing           string // why HAProxy was not measured
	closers           []func() error
}

// Run measures everything. It leaves no process and no file behind, also when the context ends.
func Run(ctx context.Context, o Options) (outcome report.Outcome, err error) {
	b := &bench{options: o, results: make(map[int]map[string]map[string]measured)}
	b.plan = plan{rounds: o.Rounds, duration: o.Duration, load: load.New(o.Progress), progress: o.Progress}
	b.rules = gate.Rules(o.Apps[len(o.Apps)-1], false)
	defer func() {
		for i := len(b.closers) - 1; i >= 0; i-- {
			err = errors.Join(err, b.closers[i]())
		}
	}()
	err = b.measure(ctx)
	return b.outcome(), err
}

// measure fills in the results, as far as it comes.
func (b *bench) measure(ctx context.Context) error {
	if err := b.start(ctx); err != nil {
		return err
	}
	for _, n := range b.options.Apps {
		if err := b.measureApps(ctx, n); err != nil {
			return err
		}
	}
	return b.measureNative(ctx)
}

// start brings up what answers requests.
func (b *bench) start(ctx context.Context) error {
	var err error
	if b.upstream, err = apinto.StartUpstream(); err != nil {
		return err
	}
	b.onClose(b.upstream.Close)
	dir, err := os.MkdirTemp("", "apinto-jwt-bench-")
	if err != nil {
		return fmt.Errorf("end to end: %w", err)
	}
	b.onClose(func() error { return os.RemoveAll(dir) })
	made, err := build(ctx, dir, b.rules[0].App+"@app", b.options.Progress)
	if err != nil {
		return err
	}
	fmt.Fprintln(b.options.Progress, "end to end: starting the gateways …")
	for _, one := range []struct {
		side   **side
		name   string
		binary string
	}{{&b.ours, "ours", made.ours}, {&b.stock, "stock", made.stock}, {&b.keys, "apikey", made.ours}, {&b.nothing, "nothing", made.nothing}} {
		if *one.side, err = startSide(ctx, one.name, one.binary, b.upstream.Address()); err != nil {
			return err
		}
		b.onClose((*one.side).Close)
	}
	b.keys.APIKey = true
	return b.startFilter(ctx, made.ours)
}

// startFilter starts a gateway with the route filter before "app", if the build has it.
func (b *bench) startFilter(ctx context.Context, binary string) error {
	s, err := startSide(ctx, "filter", binary, b.upstream.Address(), gateway.GlobalPlugin("jwt_filter", filterPlugin, nil))
	if err == nil {
		_, header, err := apinto.Get(ctx, s.Node.URL+"/orders/42", "", "")
		if err == nil && header.Get("WWW-Authenticate") != "" { // the filter says what it wants, the host does not
			b.filter = s
			b.onClose(s.Close)
			return nil
		}
		err = errors.Join(err, s.Close())
		if err != nil {
			return err
		}
	}
	fmt.Fprintln(b.options.Progress, "end to end: the gateway has no route filter yet; it is left out")
	return ctx.Err()
}

func (b *bench) onClose(f func() error) { b.closers = append(b.closers, f) }

// sides returns the gateways that get n applications.
func (b *bench) sides(n int) []*side {
	list := []*side{b.ours, b.keys, b.nothing}
	if n <= maxStock {
		list = append(list, b.stock)
	}
	if b.filter != nil {
		list = append(list, b.filter)
	}
	return list
}

// measureApps measures every algorithm with n applications. The first application has the algorithm under test, the
// others have HS256.
func (b *bench) measureApps(ctx context.Context, n int) error {
	fmt.Fprintf(b.options.Progress, "end to end: %d applications …\n", n)
	if err := each(b.sides(n), func(s *side) error { return s.Grow(ctx, b.rules[:n]) }); err != nil {
		return err
	}
	b.results[n] = make(map[string]map[string]measured)
	for _, algorithm := range algorithms {
		if n > maxStock && algorithm != algorithms[0] {
			break
		}
		rules := append([]gate.Rule(nil), b.rules[:n]...)
		rules[0].Key = gate.OneRule(algorithm).Key
		err := each(b.sides(n), func(s *side) error {
			if !s.APIKey {
				if err := s.Become(ctx, rules[0]); err != nil {
					return err
				}
			}
			return s.Settle(ctx, rules)
		})
		if err != nil {
			return err
		}
		title := fmt.Sprintf("%s, applications: %d", algorithm, n)
		b.results[n][algorithm], err = b.plan.compare(ctx, title, b.targets(n, algorithm, rules[0]))
		if err != nil {
			return err
		}
	}
	return nil
}

// targets returns those of a number of applications and an algorithm. New tokens with RSA signatures take long to make:
// with one application only.
func (b *bench) targets(n int, algorithm string, rule gate.Rule) []target {
	list := []target{b.ours.open(open), b.keys.same(apiKey, rule), b.ours.same(oursWarm, rule)}
	if algorithm == algorithms[0] {
		list = append(list, b.nothing.same(hostAlone, rule))
	}
	anew := algorithm == algorithms[0] || n == b.options.Apps[0]
	if anew {
		list = append(list, b.ours.distinct(oursNew, rule))
	}
	if n <= maxStock {
		list = append(list, b.stock.same(builtinWarm, rule))
	}
	if anew && n <= maxStock {
		list = append(list, b.stock.distinct(builtinNew, rule))
	}
	if b.filter != nil {
		list = append(list, b.filter.same(filterWarm, rule))
	}
	return list
}

// measureNative measures HAProxy if it is installed.
func (b *bench) measureNative(ctx context.Context) error {
	h, err := startHAProxy(ctx, b.upstream.Address())
	if errors.Is(err, errNoHAProxy) {
		b.missing = err.Error()
		fmt.Fprintf(b.options.Progress, "end to end: %s; it is left out\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	b.onClose(h.close)
	targets := []target{h.target("", "")}
	for _, algorithm := range haproxyAlgorithms {
		targets = append(targets, h.target(algorithm, algorithm))
	}
	b.native, err = b.plan.compare(ctx, "HAProxy", targets)
	return err
}

// each does something with all sides at once.
func each(sides []*side, do func(*side) error) error {
	failures := make(chan error, len(sides))
	for _, s := range sides {
		go func() { failures <- do(s) }()
	}
	var err error
	for range sides {
		err = errors.Join(err, <-failures)
	}
	return err
}
