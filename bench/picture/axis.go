package picture

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"apinto-jwt/bench/report"
)

// decades marks 1, 10, 100 … and the end of the axis and, without a number, what is between them.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for exponent := math.Floor(math.Log10(low)); math.Pow(10, exponent) <= high; exponent++ {
		for digit := 1.0; digit < 10; digit++ {
			value := digit * math.Pow(10, exponent)
			if value < low*0.999 || value > high*1.001 {
				continue
			}
			tick := plot.Tick{Value: value}
			if digit == 1 || value > high*0.999 {
				tick.Label = decimal(value)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// end returns the tick at which an axis ends that has room for the value: the next 1, 2 or 5 times a power of ten.
func end(value float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(value)))
	for _, digit := range []float64{1, 2, 5} {
		if digit*power >= value {
			return digit * power
		}
	}
	return 10 * power
}

// decimal writes a number of one digit that counts.
func decimal(v float64) string {
	if v >= 1 {
		return report.Whole(int(v))
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// names marks the middle of each unit with a name.
type names []string

// Ticks implements plot.Ticker.
func (n names) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, name := range n {
		ticks[i] = plot.Tick{Value: float64(i) + 0.5, Label: name}
	}
	return ticks
}

// numbers marks these numbers and no others.
type numbers []int

// Ticks implements plot.Ticker.
func (n numbers) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, number := range n {
		ticks[i] = plot.Tick{Value: float64(number), Label: report.Whole(number)}
	}
	return ticks
}

// horizontals are faint lines at the marked values.
func horizontals() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal.Color = color.Gray{225}
	grid.Horizontal.Width = vg.Points(0.5)
	return grid
}
