package picture

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"apinto-jwt/bench/report"
)

// sample looks like what is measured.
func sample() report.Outcome {
	var o report.Outcome
	for i, algorithm := range []string{"HS256", "RS256", "ES256", "PS256", "EdDSA"} {
		for j, name := range order {
			cost := []float64{480, 1600, 450, 10600, 6500, 8200, 14800, 27300}[j]
			if i > 0 && j > 0 {
				cost += 26_000 * float64(i)
			}
			if i < 3 || name != "Apinto builtin" {
				o.Bars = append(o.Bars, report.Bar{Contender: name, Algorithm: algorithm, Nanos: cost})
			}
		}
	}
	for _, one := range []struct {
		name  string
		rates [3]float64
	}{
		{"open route", [3]float64{11400, 11400, 11300}},
		{"apikey", [3]float64{10100, 9000, 3000}},
		{"apinto-jwt, warm", [3]float64{10000, 8700, 2700}},
		{"apinto-jwt, new tokens", [3]float64{9800, 8500, 2700}},
		{"builtin jwt", [3]float64{7000, 1500, 160}},
	} {
		line := report.Line{Name: one.name}
		for i, apps := range []int{1, 200, 2000} {
			line.Points = append(line.Points, report.Point{Apps: apps, Rate: one.rates[i]})
		}
		if one.name == "builtin jwt" {
			line.Stops = "too slow"
		}
		o.Lines = append(o.Lines, line)
	}
	return o
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if kept := os.Getenv("BENCH_PICTURE_DIR"); kept != "" { // to look at it
		dir = kept
	}
	for _, name := range []string{"one.svg", "two.svg", "one.png"} {
		if err := Write(filepath.Join(dir, name), sample()); err != nil {
			t.Fatal(err)
		}
	}
	one, two := read(t, dir, "one.svg"), read(t, dir, "two.svg")
	if !bytes.Equal(one, two) {
		t.Error("the same measurements make different pictures")
	}
	for _, text := range []string{"HS256", "µs", "2,000", "golang-jwt v5", "requests per second", "160 a second: too slow"} {
		if !bytes.Contains(one, []byte(text)) {
			t.Errorf("no %q in the picture", text)
		}
	}
}

// A page may be dark: the picture has a background of its own. The axes end in a tick with a number.
func TestBackgroundAndEnds(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one.svg", "one.png"} {
		if err := Write(filepath.Join(dir, name), sample()); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Open(filepath.Join(dir, "one.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	drawn, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, corner := range []image.Point{drawn.Bounds().Min, drawn.Bounds().Max.Sub(image.Pt(1, 1))} {
		if r, g, b, a := drawn.At(corner.X, corner.Y).RGBA(); r&g&b&a != 0xffff {
			t.Errorf("the corner %v is %v", corner, drawn.At(corner.X, corner.Y))
		}
	}
	first := regexp.MustCompile(`<path d="[^"]*" ?style="fill:#FFFFFF`)
	if !first.Match(read(t, dir, "one.svg")) {
		t.Error("the picture has no white background")
	}
	for value, want := range map[float64]float64{64: 100, 100: 100, 101: 200, 7900: 10000, 0.3: 0.5, 4: 5} {
		if got := end(value); math.Abs(got-want) > 1e-9 {
			t.Errorf("an axis for %v ends at %v, want %v", value, got, want)
		}
	}
	ticks := decades{}.Ticks(0.1, 200)
	if last := ticks[len(ticks)-1]; last.Value != 200 || last.Label != "200" {
		t.Errorf("the last tick is %+v", last)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
