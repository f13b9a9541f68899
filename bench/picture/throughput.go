package picture

import (
	"image/color"
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
	p.X.Min, p.X.Max = float64(apps[0]), float64(apps[len(apps)-1])
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), end(highest*1.05)
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
	if line.Stops != "" {
		p.plot.Add(stop{points[len(points)-1], line.Stops, colourOf(line.Name)})
	}
}

// stop says beside a line's last point why there are no more.
type stop struct {
	at     plotter.XY
	why    string
	colour color.Color
}

// Plot implements plot.Plotter.
func (s stop) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	label := p.X.Tick.Label
	label.Color, label.Font.Size, label.XAlign, label.YAlign = s.colour, 9, draw.XRight, draw.YTop
	c.FillText(label, vg.Point{X: x(s.at.X) - 6, Y: y(s.at.Y) + 2}, report.Whole(int(s.at.Y))+" a second: "+s.why)
}
