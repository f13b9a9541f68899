package soak

import (
	"context"
	"io"
	"math"
	"os"
	"testing"
	"time"

	"apinto-jwt/bench/gate"
)

// Every token comes once before one comes anew, and the others come again soon after.
func TestNumber(t *testing.T) {
	const tokens = 5000
	for n := 0; n < 2*tokens; n += 2 {
		if got := number(n, tokens); got != n/2 {
			t.Fatalf("request %d: a token of number %d is new, want %d", n, got, n/2)
		}
		if got := number(n+1, tokens); got > n/2 || got < n/2-recent {
			t.Fatalf("request %d: number %d is none of the last ones up to %d", n+1, got, n/2)
		}
	}
	if got := number(2*tokens, tokens); got != 0 {
		t.Errorf("after the last token comes %d", got)
	}
}

func TestDifferent(t *testing.T) {
	for requests, want := range map[int]int{0: 0, 1: 1, 2: 1, 3: 2, 200: 100, 201: 100, 1000: 100} {
		if got := different(requests, 100); got != want {
			t.Errorf("%d requests bring %d tokens, want %d", requests, got, want)
		}
	}
	o := Options{Length: 100 * time.Second, Tokens: 900}
	if got := rate(o); math.Abs(got-20) > 1e-9 {
		t.Errorf("%v requests a second, want 20", got)
	}
}

func TestTokenOf(t *testing.T) {
	rules := gate.Rules(2, false)
	if third := tokenOf(rules, 3); third != tokenOf(rules, 3) || third == tokenOf(rules, 5) {
		t.Error("a number does not make its token")
	}
}

func TestGrowth(t *testing.T) {
	const length = 100 * time.Second
	var list []sample
	for second := range 100 {
		memory := 50.0
		if second >= 30 {
			memory = 100
		}
		if second >= 80 {
			memory = 110
		}
		list = append(list, sample{time.Duration(second) * time.Second, memory, 7})
	}
	if got := growth(list, length); math.Abs(got-1.1) > 1e-9 {
		t.Errorf("got %v, want 1.1", got)
	}
	if got := between(list, length, 0, 0.1); got != 50 {
		t.Errorf("the first tenth: %v", got)
	}
	if got := growth(nil, length); !math.IsNaN(got) {
		t.Errorf("without a look: %v", got)
	}
	if got := workers(append(list, sample{worker: 0}, sample{worker: 8})); got != 2 {
		t.Errorf("%d workers", got)
	}
}

func TestOutcome(t *testing.T) {
	r := run{options: Options{Length: time.Second, Tokens: 10}, samples: []sample{{500 * time.Millisecond, 100, 1}, {900 * time.Millisecond, 100, 2}}}
	r.sent.Sent, r.sent.Failed, r.changes.failed = 20, 1, 1
	r.changes.first = context.DeadlineExceeded
	for i, pass := range []bool{false, false, true, false, true} {
		if f := r.outcome().Figures[i]; f.Pass() != pass {
			t.Errorf("%s: %v, want %v", f.What, f.Pass(), pass)
		}
	}
}

// The whole with the real gateway takes minutes to build: with APINTO_JWT_SOAK=20s or so.
func TestRun(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("APINTO_JWT_SOAK"))
	if err != nil {
		t.Skip("APINTO_JWT_SOAK is not set to a length")
	}
	outcome, err := Run(t.Context(), Options{Length: length, Apps: 20, Tokens: 2000, Progress: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range outcome.Figures[:4] { // the cache is not full
		if !f.Pass() {
			t.Errorf("%s: %v", f.What, f.Got)
		}
	}
}
