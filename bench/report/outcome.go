package report

// Outcome holds the results of a part of the benchmark.
type Outcome struct {
	Tables  []Table
	Figures []Figure
	Bars    []Bar  // for the picture's first panel
	Lines   []Line // for its second
}

// Add takes over what another part found.
func (o *Outcome) Add(other Outcome) {
	o.Tables = append(o.Tables, other.Tables...)
	o.Figures = append(o.Figures, other.Figures...)
	o.Bars = append(o.Bars, other.Bars...)
	o.Lines = append(o.Lines, other.Lines...)
}

// Bar is the cost of a request for a contender with an algorithm.
type Bar struct {
	Contender, Algorithm string
	Nanos                float64
}

// Line is a throughput by number of applications.
type Line struct {
	Name   string
	Points []Point
	Stops  string // why there are no points for more applications; empty: there are
}

// Point is requests a second at a number of applications.
type Point struct {
	Apps int
	Rate float64
}
