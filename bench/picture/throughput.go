package picture

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"apinto-jwt/bench/report"
)

// throughput draws requests a second by number of applications, both on logarithmic scales.
func throughput(lines []report.Line) panel {
	result := newPanel("Through the gateway, HS256 (higher is better)",
		"applications with a rule of their own (log)", "requests per second (log)")
	p := result.plot
	var apps []int
	lowest, highest := math.Inf(1), 0.0
	for _, line := range lines {
		for _, point := range line.Points {
			if !slices.Contains(apps, point.Apps) {
				apps = append(apps, point.Apps)
			}
			lowest, highest = min(lowest, point.Rate), max(highest, point.Rate)
		}
	}
	slices.Sort(apps)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, numbers(apps)
	p.X.Min, p.X.Max = 0.8*float64(apps[0]), 1.25*float64(apps[len(apps)-1])
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), highest*1.2
	p.Add(horizontals())
	for _, line := range lines {
		result.add(line)
	}
	return result
}

// add draws one line with its points. The routes that are there to compare with are dashed.
func (p *panel) add(line report.Line) {
	points := make(plotter.XYs, len(line.Points))
	for i, point := range line.Points {
		points[i] = plotter.XY{X: float64(point.Apps), Y: point.Rate}
	}
	drawn, marks, err := plotter.NewLinePoints(points)
	if err != nil { // no number is infinite or none
		panic(err)
	}
	drawn.Color, marks.Color = colourOf(line.Name), colourOf(line.Name)
	drawn.Width = vg.Points(2)
	marks.Shape, marks.Radius = draw.CircleGlyph{}, vg.Points(3)
	if line.Name == "open route" || line.Name == "apikey" {
		drawn.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
	}
	p.plot.Add(drawn, marks)
	p.legend.Add(line.Name, drawn, marks)
}
