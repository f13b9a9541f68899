package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"apinto-jwt/bench/binding"
	"apinto-jwt/bench/endtoend"
	"apinto-jwt/bench/inprocess"
	"apinto-jwt/bench/peers"
	"apinto-jwt/bench/picture"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/soak"
	"apinto-jwt/bench/timing"
)

// supply is how many tokens of each algorithm are signed beforehand for a driver that sees each of them once.
const supply = 2048

// measure runs the parts. One that fails does not take the others' results with it.
func (s settings) measure(ctx context.Context, progress io.Writer) (report.Outcome, error) {
	var outcome report.Outcome
	var failures error
	for _, part := range parts {
		if !slices.Contains(s.only, part) {
			continue
		}
		found, err := s.part(ctx, part, progress)
		if err != nil {
			failures = errors.Join(failures, fmt.Errorf("%s: %w", part, err))
		}
		outcome.Add(found)
		if ctx.Err() != nil {
			break
		}
	}
	return outcome, failures
}

// finer is how many times the rounds are more, and shorter, if one thread does all: what disturbs the machine for a
// second then spoils some rounds of all contenders, and not one round of each.
const finer = 5

func (s settings) part(ctx context.Context, name string, progress io.Writer) (report.Outcome, error) {
	o := timing.Options{Rounds: s.rounds, Slice: s.slice, Context: ctx}
	last := len(s.rules) - 1
	alone := o
	alone.Alone, alone.Rounds, alone.Slice = true, o.Rounds*finer, o.Slice/finer
	switch name {
	case "inprocess":
		return inprocess.Run(inprocess.Options{Options: alone, Rules: s.rules, Supply: supply, Progress: progress}), ctx.Err()
	case "binding":
		return binding.Run(binding.Options{
			Options: o, Few: s.rules[last-1], Many: s.rules[last], CacheBytes: s.cache, Progress: progress,
		}), ctx.Err()
	case "peers":
		return peers.Run(ctx, peers.Options{Rounds: s.rounds, Duration: s.duration, Apps: s.peerApps, Cases: s.peerCases, Progress: progress})
	case "soak":
		o := s.soak
		o.Progress = progress
		return soak.Run(ctx, o)
	}
	end := endtoend.Options{Rounds: s.rounds, Duration: s.duration, Apps: s.apps, Progress: progress}
	if name == "hosts" {
		return endtoend.RunHosts(ctx, end)
	}
	return endtoend.Run(ctx, end)
}

// document returns the whole result in Markdown.
func (s settings) document(outcome report.Outcome, failure error) string {
	var b strings.Builder
	b.WriteString("# Speed\n\n")
	fmt.Fprintf(&b, "Made by `make bench`: %d rounds, medians, contenders in turn; %s, %s/%s, %d processors.\n\n",
		s.rounds, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	if failure != nil {
		fmt.Fprintf(&b, "Not everything could be measured: %v\n\n", failure)
	}
	tables := outcome.Tables
	if len(outcome.Figures) > 0 {
		tables = append([]report.Table{report.Figures(outcome.Figures)}, tables...)
	}
	for _, t := range tables {
		b.WriteString(t.String())
	}
	return b.String()
}

// save writes the tables, and the picture if there is something to draw.
func (s settings) save(text string, outcome report.Outcome) error {
	if err := os.WriteFile(s.results, []byte(text), 0o644); err != nil { //nolint:gosec // for everybody to read
		return err
	}
	if len(outcome.Bars) == 0 && len(outcome.Lines) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.picture), 0o755); err != nil { //nolint:gosec // as all directories of the sources
		return err
	}
	return picture.Write(s.picture, outcome)
}
