package timing

import (
	"testing"
	"time"
)

// sink and total keep what is made from being optimised away.
var (
	sink  []byte
	total int
)

func TestCompare(t *testing.T) {
	prepared := 0
	for _, alone := range []bool{false, true} {
		results := Compare(Options{Rounds: 5, Slice: 5 * time.Millisecond, Alone: alone}, []Contender{
			{Name: "short", Batch: 10, Prepare: func() { prepared++ }, Run: func() { total += spin(20_000) }},
			{Name: "long", Batch: 10, Run: func() { total += spin(200_000); sink = make([]byte, 1000) }},
		})
		if ratio := results.Ratio("long", "short"); ratio < 4 || ratio > 25 {
			t.Errorf("alone %v: ten times the work took %.1f times as long", alone, ratio)
		}
		if len(results[0].PerOp) != 5 || prepared == 0 {
			t.Errorf("%d rounds, %d times prepared", len(results[0].PerOp), prepared)
		}
		if allocs := results.Allocs("long"); allocs != 0.1 {
			t.Errorf("%v allocations for each operation, want 0.1", allocs)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 3}, 2.5}} {
		if got := Median(test.values); got != test.want {
			t.Errorf("median of %v: %v, want %v", test.values, got, test.want)
		}
	}
}

//go:noinline
func spin(n int) (sum int) {
	for i := range n {
		sum ^= i * sum
	}
	return sum
}
