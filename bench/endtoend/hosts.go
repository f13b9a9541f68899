package endtoend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
	"apinto-jwt/bench/report"
	"apinto-jwt/test/e2e/gateway"
)

// hosts is the comparison of this project's gateway on the edited host with the
// same on the host as it comes.
type hosts struct {
	options Options
	plan    plan
	rules   []gate.Rule
	results map[int]map[string]measured // by applications, name
	closers []func() error
}

// The hosts' names in the table.
const (
	editedHost = "edited host"
	stockHost  = "stock host"
)

// RunHosts measures what the edits of the host bring. It leaves no process and
// no file behind, also when the context ends.
func RunHosts(ctx context.Context, o Options) (outcome report.Outcome, err error) {
	h := &hosts{options: o, results: make(map[int]map[string]measured)}
	h.plan = plan{rounds: o.Rounds, duration: o.Duration, load: load.New(o.Progress), progress: o.Progress}
	h.rules = gate.Rules(o.Apps[len(o.Apps)-1], false)
	defer func() {
		for i := len(h.closers) - 1; i >= 0; i-- {
			err = errors.Join(err, h.closers[i]())
		}
	}()
	if err := h.measure(ctx); err != nil {
		return report.Outcome{}, err
	}
	return report.Outcome{Tables: []report.Table{h.table()}}, nil
}

// measure compares the gateways at each number of applications.
func (h *hosts) measure(ctx context.Context) error {
	sides, err := h.start(ctx)
	if err != nil {
		return err
	}
	for _, n := range h.options.Apps {
		var targets []target
		err := each(sides, func(s *side) error {
			if err := s.Grow(ctx, h.rules[:n]); err != nil {
				return err
			}
			return s.Settle(ctx, h.rules[:n])
		})
		if err != nil {
			return err
		}
		for _, s := range sides {
			if !s.filtered {
				targets = append(targets, s.open(s.Name+", "+open))
			}
			targets = append(targets, s.same(s.Name+", "+s.kind(), h.rules[0]))
		}
		if h.results[n], err = h.plan.compare(ctx, fmt.Sprintf("hosts, applications: %d", n), targets); err != nil {
			return err
		}
	}
	return nil
}

// start builds both gateways and starts each with and without the filter.
func (h *hosts) start(ctx context.Context) ([]*side, error) {
	up, err := apinto.StartUpstream()
	if err != nil {
		return nil, err
	}
	h.closers = append(h.closers, up.Close)
	dir, err := os.MkdirTemp("", "apinto-jwt-hosts-")
	if err != nil {
		return nil, err
	}
	h.closers = append(h.closers, func() error { return os.RemoveAll(dir) })
	edited, stock := filepath.Join(dir, "edited"), filepath.Join(dir, "stock")
	if err := errors.Join(apinto.BuildOurs(ctx, edited, true), apinto.BuildOurs(ctx, stock, false)); err != nil {
		return nil, err
	}
	var sides []*side
	for _, one := range []struct {
		name, binary string
		filtered     bool
	}{{editedHost, edited, false}, {stockHost, stock, false}, {editedHost, edited, true}, {stockHost, stock, true}} {
		var plugins []gateway.Plugin
		if one.filtered {
			plugins = []gateway.Plugin{gateway.GlobalPlugin("jwt_filter", filterPlugin, nil)}
		}
		s, err := startSide(ctx, one.name, one.binary, up.Address(), plugins...)
		if err != nil {
			return nil, err
		}
		s.filtered = one.filtered
		h.closers = append(h.closers, s.Close)
		sides = append(sides, s)
	}
	return sides, nil
}

// kind names the protected route of a side.
func (s *side) kind() string {
	if s.filtered {
		return filterWarm
	}
	return oursWarm
}

// table shows both hosts and what the edited one saves.
func (h *hosts) table() report.Table {
	t := report.Table{
		Title: "The edited host and the stock one",
		Note: fmt.Sprintf("This project's gateway on both. Load by %s over %d connections, on the same machine as gateways and upstream, in turns; "+
			"medians of %d rounds of %s. HS256, a token seen before.", h.plan.load.Name(), load.Connections, h.plan.rounds, h.plan.duration),
		Head: []string{"applications", "route", "requests/s edited", "stock", "ratio", "processor time edited", "stock", "stock ÷ edited"},
	}
	for _, n := range h.options.Apps {
		for _, name := range []string{open, oursWarm, filterWarm} {
			e, s := h.results[n][editedHost+", "+name], h.results[n][stockHost+", "+name]
			t.Add(fmt.Sprint(n), name, fmt.Sprintf("%.0f", e.rate), fmt.Sprintf("%.0f", s.rate), fmt.Sprintf("%.2f", e.rate/s.rate),
				e.cpu.Round(100*time.Nanosecond).String(), s.cpu.Round(100*time.Nanosecond).String(), fmt.Sprintf("%.2f", float64(s.cpu)/float64(e.cpu)))
		}
	}
	return t
}
