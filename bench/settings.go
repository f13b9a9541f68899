package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"apinto-jwt/bench/peers"
	"apinto-jwt/bench/soak"
)

// usual are the parts that are measured if none is named; parts are all, in their order.
var (
	usual = []string{"inprocess", "binding", "e2e", "hosts", "peers"}
	parts = append(slices.Clone(usual), "soak")
)

// settings are the command line.
type settings struct {
	only     []string
	rounds   int
	slice    time.Duration
	duration time.Duration
	apps     []int
	peerApps []int // of the part peers
	// peerCases are the cases of the part peers; nil: all.
	peerCases []string
	soak      soak.Options
	rules     []int
	cache     int
	write     bool
	results   string
	picture   string
}

// lists are the numbers that the command line gives as texts.
type lists struct{ only, apps, peerApps, peerCases, rules string }

// define names the flags.
func (s *settings) define(flags *flag.FlagSet, l *lists) {
	flags.StringVar(&l.only, "only", strings.Join(usual, ","), "the parts to measure of "+strings.Join(parts, ", "))
	flags.IntVar(&s.rounds, "rounds", 9, "rounds of each comparison; medians are reported")
	flags.DurationVar(&s.slice, "slice", 300*time.Millisecond, "of each contender in each round, in process")
	flags.DurationVar(&s.duration, "duration", 2*time.Second, "of each load end to end, whole seconds")
	flags.StringVar(&l.apps, "apps", "1,200,2000,10000", "numbers of applications end to end, rising; the builtin is measured with 2000 at most")
	flags.StringVar(&l.peerApps, "peerapps", "1,200", "numbers of applications beside the peers, rising from 1; 10000 takes minutes more")
	flags.StringVar(&l.peerCases, "peercases", "", "the cases beside the peers, as base,TLS,ES256,10000; empty: all")
	flags.StringVar(&l.rules, "rules", "1,100,1000,10000", "numbers of rules in process, rising from 1; the last two are bound")
	flags.IntVar(&s.cache, "cache", 64<<20, "the bound that the memory of the driver's cache is measured with, in bytes")
	flags.StringVar(&s.results, "results", "RESULTS.md", "the file for the tables")
	flags.StringVar(&s.picture, "picture", "../docs/img/speed.svg", "the file for the picture")
	flags.DurationVar(&s.soak.Length, "soak", 10*time.Minute, "length of the soak")
	flags.IntVar(&s.soak.Apps, "soakapps", 10_000, "number of applications of the soak")
	flags.IntVar(&s.soak.Tokens, "soaktokens", 1_000_000, "number of different tokens of the soak")
}

// parse reads the command line; progress gets the help.
func parse(args []string, progress io.Writer) (settings, error) {
	var s settings
	var l lists
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	quick := flags.Bool("quick", false, "a few seconds for each part, to see that everything works; nothing is written")
	write := flags.Bool("write", false, "write the results also when -quick or -only is given")
	s.define(flags, &l)
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	set := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { set[f.Name] = true })
	s.write = *write || !*quick && !set["only"]
	if *quick {
		s.quicken(set, &l)
	}
	return s, s.read(l)
}

// read reads the lists and checks the numbers.
func (s *settings) read(l lists) error {
	var err error
	if s.only, err = partsOf(l.only); err == nil {
		s.apps, err = counts("-apps", l.apps)
	}
	if err == nil {
		s.peerApps, err = counts("-peerapps", l.peerApps)
	}
	if err == nil {
		s.rules, err = counts("-rules", l.rules)
	}
	if err == nil && l.peerCases != "" {
		s.peerCases, err = casesOf(l.peerCases, s.peerApps)
	}
	s.duration = s.duration.Round(time.Second)
	switch {
	case err != nil:
		return err
	case s.peerApps[0] != 1:
		return fmt.Errorf("-peerapps: %q: the first must be 1", l.peerApps)
	case s.rules[0] != 1 || len(s.rules) < 2:
		return fmt.Errorf("-rules: %q: must be at least two numbers, the first of them 1", l.rules)
	case s.rounds < 1 || s.slice <= 0 || s.duration <= 0:
		return fmt.Errorf("-rounds, -slice and -duration must be positive, -duration at least 1s")
	case s.soak.Length < time.Second || s.soak.Apps < 2 || s.soak.Tokens < 1:
		return fmt.Errorf("-soak must be at least 1s, -soakapps at least 2, -soaktokens at least 1")
	}
	return nil
}

// quicken shortens what the command line does not set.
func (s *settings) quicken(set map[string]bool, l *lists) {
	if !set["apps"] {
		l.apps = "1,20"
	}
	if !set["peerapps"] {
		l.peerApps = "1,20"
	}
	if !set["rounds"] {
		s.rounds = 3
	}
	if !set["slice"] {
		s.slice = 20 * time.Millisecond
	}
	if !set["duration"] {
		s.duration = time.Second
	}
	if !set["cache"] {
		s.cache = 8 << 20
	}
	if !set["soak"] {
		s.soak.Length = 20 * time.Second
	}
	if !set["soakapps"] {
		s.soak.Apps = 20
	}
	if !set["soaktokens"] {
		s.soak.Tokens = 5000
	}
}

func partsOf(list string) ([]string, error) {
	only := strings.Split(list, ",")
	for _, part := range only {
		if !slices.Contains(parts, part) {
			return nil, fmt.Errorf("-only: %q is not one of %s", part, strings.Join(parts, ", "))
		}
	}
	return only, nil
}

// casesOf reads names of cases.
func casesOf(list string, apps []int) ([]string, error) {
	names, known := strings.Split(list, ","), peers.Names(apps)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("-peercases: %q is not one of %s", name, strings.Join(known, ", "))
		}
	}
	return names, nil
}

// counts reads rising positive numbers.
func counts(flag, list string) ([]int, error) {
	var numbers []int
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || len(numbers) > 0 && n <= numbers[len(numbers)-1] {
			return nil, fmt.Errorf("%s: %q: must be rising positive numbers", flag, list)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
