package picture

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"apinto-jwt/bench/report"
)

// order is the contenders' from left to right.
var order = []string{
	"apinto-jwt, warm", "apinto-jwt, cold", "bare crypto", "Apinto builtin", "kataras/jwt", "golang-jwt v5", "go-jose v4",
	"lestrrat jwx v3",
}

// costs draws the time of a request by algorithm and contender, on a logarithmic scale.
func costs(bars []report.Bar) panel {
	result := newPanel("Verifying one token, one rule, in process (lower is better)", "", "time per request, µs (log)")
	p := result.plot
	var algorithms []string
	lowest, highest := math.Inf(1), 0.0
	for _, bar := range bars {
		if !slices.Contains(algorithms, bar.Algorithm) {
			algorithms = append(algorithms, bar.Algorithm)
		}
		lowest, highest = min(lowest, bar.Nanos/1e3), max(highest, bar.Nanos/1e3)
	}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), end(highest*1.3)
	p.X.Min, p.X.Max = 0, float64(len(algorithms))
	p.X.Tick.Marker = names(algorithms)
	p.X.Tick.Length = 0
	p.Add(horizontals())
	var all heights
	for i, name := range order {
		group := columns{colour: colourOf(name), low: p.Y.Min}
		for _, bar := range bars {
			if bar.Contender == name {
				at := float64(slices.Index(algorithms, bar.Algorithm)) + (float64(i)+0.75)/(float64(len(order))+0.5)
				group.list = append(group.list, plotter.XY{X: at, Y: bar.Nanos / 1e3})
			}
		}
		if len(group.list) > 0 {
			p.Add(group)
			result.legend.Add(name, group)
			all.list = append(all.list, group.list...)
		}
	}
	p.Add(all) // after the bars, which would hide what is wider than one
	return result
}

// columns are bars of one contender, which begin at the scale's lower end, as a logarithmic one has no zero.
type columns struct {
	colour color.Color
	low    float64
	list   plotter.XYs
}

// half is a bar's half width, as a share of a group's.
const half = 0.45 / 8.5

// Plot implements plot.Plotter.
func (b columns) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, at := range b.list {
		left, right, bottom, top := x(at.X-half), x(at.X+half), y(b.low), y(at.Y)
		c.FillPolygon(b.colour, []vg.Point{{X: left, Y: bottom}, {X: left, Y: top}, {X: right, Y: top}, {X: right, Y: bottom}})
	}
}

// heights are the numbers above the bars.
type heights struct{ list plotter.XYs }

// Plot implements plot.Plotter.
func (h heights) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	label := p.X.Tick.Label
	label.Font.Size, label.XAlign, label.YAlign = 7.5, draw.XCenter, draw.YBottom
	for _, at := range h.list {
		c.FillText(label, vg.Point{X: x(at.X), Y: y(at.Y) + 1.5}, short(at.Y))
	}
}

// Thumbnail implements plot.Thumbnailer.
func (b columns) Thumbnail(c *draw.Canvas) {
	c.FillPolygon(b.colour, []vg.Point{
		{X: c.Min.X, Y: c.Min.Y}, {X: c.Min.X, Y: c.Max.Y}, {X: c.Max.X, Y: c.Max.Y}, {X: c.Max.X, Y: c.Min.Y},
	})
}

// short returns a number with two digits that count.
func short(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.1f", v)
	}
	return strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0")
}
