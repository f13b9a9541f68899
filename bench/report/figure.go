package report

import (
	"fmt"
	"math"
)

// Figure is a ratio that the project has promised, with what was measured.
type Figure struct {
	What  string
	Got   float64
	Bound float64
	// Least says that Bound is the least that is allowed; else it is the most.
	Least bool
	// Plain says that the numbers are no ratios but counts, or sizes with this unit.
	Plain bool
	Unit  string
}

// AtLeast returns a figure that must not be smaller.
func AtLeast(what string, got, bound float64) Figure {
	return Figure{What: what, Got: got, Bound: bound, Least: true}
}

// AtMost returns a figure that must not be larger.
func AtMost(what string, got, bound float64) Figure {
	return Figure{What: what, Got: got, Bound: bound}
}

// In makes the figure one of a unit in place of a ratio.
func (f Figure) In(unit string) Figure {
	f.Plain, f.Unit = true, unit
	return f
}

// Measured reports whether there is a number to compare.
func (f Figure) Measured() bool { return !math.IsNaN(f.Got) && !math.IsInf(f.Got, 0) }

// Pass reports whether the figure keeps the promise.
func (f Figure) Pass() bool {
	if f.Least {
		return f.Measured() && f.Got >= f.Bound
	}
	return f.Measured() && f.Got <= f.Bound
}

func (f Figure) number(v float64) string {
	if f.Plain {
		return digits(v) + f.Unit
	}
	return Ratio(v)
}

// Figures returns the promises as a table.
func Figures(list []Figure) Table {
	t := Table{Head: []string{"what", "measured", "promised", ""}}
	passed, measured := 0, 0
	for _, f := range list {
		verdict, bound := "MISS", "≤ "+f.number(f.Bound)
		switch {
		case !f.Measured():
			verdict = "not measured"
		case f.Pass():
			verdict = "PASS"
			passed++
		}
		if f.Measured() {
			measured++
		}
		if f.Least {
			bound = "≥ " + f.number(f.Bound)
		}
		t.Add(f.What, f.number(f.Got), bound, verdict)
	}
	t.Title = fmt.Sprintf("Figures: %d of %d", passed, measured)
	return t
}
