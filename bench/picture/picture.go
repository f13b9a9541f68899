// Package picture draws what was measured: what a request costs, by contender and algorithm, and the throughput through
// whole gateways, by number of applications.
package picture

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"apinto-jwt/bench/report"
)

// The size of a panel and of what is around it.
const (
	width       = 10.4 * vg.Inch
	height      = 3.8 * vg.Inch
	margin      = 0.12 * vg.Inch
	legendWidth = 2.35 * vg.Inch
	labelWidth  = 0.25 * vg.Inch
)

// Write draws the panels for which there are measurements, one above the other, into a file of the kind that its name
// ends in: svg, png or pdf. The same measurements make the same picture.
func Write(path string, o report.Outcome) error {
	var panels []panel
	if len(o.Bars) > 0 {
		panels = append(panels, costs(o.Bars))
	}
	if len(o.Lines) > 0 {
		panels = append(panels, throughput(o.Lines))
	}
	kind := filepath.Ext(path)
	if kind == "" {
		return fmt.Errorf("picture: %s has no ending that says its kind", path)
	}
	canvas, err := draw.NewFormattedCanvas(width, height*vg.Length(len(panels)), kind[1:])
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	all := draw.New(canvas)
	all.FillPolygon(color.White, []vg.Point{ // a page may be dark
		all.Min, {X: all.Min.X, Y: all.Max.Y}, all.Max, {X: all.Max.X, Y: all.Min.Y},
	})
	for i, panel := range panels {
		top := all.Max.Y - height*vg.Length(i)
		panel.draw(draw.Canvas{Canvas: all.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: all.Min.X + margin, Y: top - height + margin}, Max: vg.Point{X: all.Max.X - margin, Y: top - margin},
		}})
	}
	var drawn bytes.Buffer
	if _, err := canvas.WriteTo(&drawn); err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	// The font that was measured with is not on every machine; those named here have letters of the same widths.
	text := bytes.ReplaceAll(drawn.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
	if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // for everybody to read
		return fmt.Errorf("picture: %w", err)
	}
	return nil
}

// panel is a plot with what gets a room of its own beside it: the legend, and the axes' labels, for which the plot would
// leave as much room at the end of a logarithmic axis as the label is long.
type panel struct {
	plot   *plot.Plot
	legend plot.Legend
	x, y   string // labels
}

func (p panel) draw(c draw.Canvas) {
	style := p.plot.X.Label.TextStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YBottom
	bottom := vg.Length(0)
	if p.x != "" {
		c.FillText(style, vg.Point{X: c.Min.X + (c.Size().X-legendWidth)/2, Y: c.Min.Y}, p.x)
		bottom = labelWidth
	}
	style.Rotation, style.YAlign = math.Pi/2, draw.YTop
	c.FillText(style, vg.Point{X: c.Min.X, Y: c.Center().Y}, p.y)
	p.plot.Draw(draw.Crop(c, labelWidth, -legendWidth, bottom, 0))
	p.legend.Draw(draw.Crop(c, c.Size().X-legendWidth+margin, 0, 0, -0.45*vg.Inch))
}

// newPanel returns an empty panel in sans serif.
func newPanel(title, x, y string) panel {
	p := panel{plot: plot.New(), legend: plot.NewLegend(), x: x, y: y}
	sans := func(f *font.Font, size vg.Length) { f.Variant, f.Size = "Sans", size }
	p.plot.Title.Text = title
	sans(&p.plot.Title.TextStyle.Font, 14)
	p.plot.Title.Padding = 10
	for _, axis := range []*plot.Axis{&p.plot.X, &p.plot.Y} {
		sans(&axis.Label.TextStyle.Font, 12)
		sans(&axis.Tick.Label.Font, 11)
	}
	sans(&p.legend.TextStyle.Font, 11)
	p.legend.Top, p.legend.Left, p.legend.Padding, p.legend.ThumbnailWidth = true, true, 3, 24
	return p
}
