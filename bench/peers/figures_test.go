package peers

import (
	"math"
	"strings"
	"testing"
	"time"

	"apinto-jwt/bench/report"
)

func TestPerRequest(t *testing.T) {
	if got := perRequest(2*time.Second, 5*time.Second, 100_000); got != 30_000 {
		t.Errorf("got %v ns, want 30000", got)
	}
	if got := perRequest(0, time.Second, 0); got != 0 {
		t.Errorf("without a request: got %v", got)
	}
}

func TestFigures(t *testing.T) {
	r := results{
		"base": {
			oursApp:                {rate: 30_000, cpu: 36 * time.Microsecond, cpus: []float64{36}, p99: 3 * time.Millisecond},
			oursOpen + withToken:   {cpu: 36 * time.Microsecond, cpus: []float64{36}},
			oursFilter:             {cpu: 50 * time.Microsecond, cpus: []float64{50}},
			filterOpen + withToken: {cpu: 40 * time.Microsecond, cpus: []float64{40}},
			stockJWT:               {rate: 5_000, cpu: 216 * time.Microsecond, cpus: []float64{216}},
			haJWT:                  {cpu: 18 * time.Microsecond, cpus: []float64{18}, p99: time.Millisecond},
			apacheJWT:              {why: "not installed"},
		},
		"10,000 applications": {
			oursApp: {cpu: 44 * time.Microsecond, cpus: []float64{44}}, oursApp + alone: {cpu: 40 * time.Microsecond, cpus: []float64{40}},
			oursFilter: {cpu: 44 * time.Microsecond, cpus: []float64{44}}, oursFilter + alone: {cpu: 40 * time.Microsecond, cpus: []float64{40}},
		},
	}
	want := []struct {
		got      float64
		measured bool
		pass     bool
	}{
		{6, true, true},
		{6, true, true},
		{1, true, true},
		{1.25, true, false},
		{1.1, true, true},
		{1.1, true, false},
		{0.5, true, true},
		{0, false, false}, // no case of ES256
		{0, false, false}, // no Apache
		{3, true, true},
	}
	list := r.figures()
	if len(list) != len(want) {
		t.Fatalf("%d figures, want %d", len(list), len(want))
	}
	for i, f := range list {
		w := want[i]
		if f.Measured() != w.measured || f.Pass() != w.pass || w.measured && math.Abs(f.Got-w.got) > 1e-9 {
			t.Errorf("%s: got %v, measured %v, pass %v, want %+v", f.What, f.Got, f.Measured(), f.Pass(), w)
		}
	}
	table := report.Figures(list)
	if text := table.String(); !strings.Contains(text, "Figures: 6 of 8") || strings.Count(text, "not measured") != 2 {
		t.Errorf("got\n%s", text)
	}
}

func TestResult(t *testing.T) {
	r := run{
		rates: []float64{10, 30, 20}, measured: measured{cpus: []float64{3, 1, 2}}, memories: []float64{5, 5, 8}, p50s: []float64{1, 2, 3}, p99s: []float64{9, 7, 8},
	}
	got := r.result()
	if got.rate != 20 || got.cpu != 2 || got.memory != 5 || got.p50 != 2 || got.p99 != 8 {
		t.Errorf("got %+v", got)
	}
	if greatest := r.greatest(); greatest != 30 {
		t.Errorf("the greatest rate is %v", greatest)
	}
	r.failed(errCannot)
	if got := r.result(); got.rate != 0 || got.why == "" {
		t.Errorf("a failed run has %+v", got)
	}
}

func TestTables(t *testing.T) {
	b := &bench{options: Options{Rounds: 9, Duration: time.Second, Apps: []int{1}}, loader: named("wrk"), results: results{
		"base": {
			oursApp:  {rate: 30_123.4, cpu: 36_400, fixed: 15_061, p50: time.Millisecond, p99: 2 * time.Millisecond, memory: 64 << 20, processes: 3},
			proxyJWT: {why: "cannot: no shared secrets"},
		},
	}}
	b.fleet.contenders = []contender{{name: oursApp}, {name: proxyJWT}, {name: apacheJWT, missing: "not installed"}}
	var text strings.Builder
	for _, table := range b.outcome().Tables {
		text.WriteString(strings.Join(strings.Fields(table.String()), " "))
	}
	for _, want := range []string{
		"| " + oursApp + " | 36.4 µs |", "| " + oursApp + " | 30,123 | 36.4 µs | 15,061/s | 1.00 ms | 2.00 ms | 64.0 MiB | 3 |",
		"Not measured: " + proxyJWT + ": cannot: no shared secrets.", "medians of 9 rounds of 1s in the base",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}
