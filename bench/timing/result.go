package timing

import (
	"math"
	"slices"
)

// Result holds the measurements of one contender.
type Result struct {
	Name   string
	PerOp  []float64 // nanoseconds per operation, one for each round
	Allocs float64   // objects per operation
	Bytes  float64   // per operation
}

// Median returns the middle of the rounds, in nanoseconds per operation.
func (r Result) Median() float64 { return Median(r.PerOp) }

// Spread is half the distance between the quartiles, relative to the median: how far to trust it.
func (r Result) Spread() float64 {
	sorted := slices.Sorted(slices.Values(r.PerOp))
	if len(sorted) == 0 {
		return 0
	}
	return (sorted[len(sorted)*3/4] - sorted[len(sorted)/4]) / 2 / r.Median()
}

// Median returns the middle value, 0 of none.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Results are those of one comparison.
type Results []Result

// Median returns the median of the contender of this name, NaN if there is none.
func (r Results) Median(name string) float64 {
	for _, one := range r {
		if one.Name == name {
			return one.Median()
		}
	}
	return math.NaN()
}

// Ratio returns how many times as long a takes as b.
func (r Results) Ratio(a, b string) float64 { return r.Median(a) / r.Median(b) }

// Allocs returns the contender's allocations, in objects.
func (r Results) Allocs(name string) float64 {
	for _, one := range r {
		if one.Name == name {
			return one.Allocs
		}
	}
	return math.NaN()
}
