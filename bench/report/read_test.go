package report

import (
	"os"
	"reflect"
	"testing"
)

func TestRead(t *testing.T) {
	costs := &Table{Title: "An accepted token, one rule", Head: []string{"contender", "HS256", "PS256"}}
	costs.Add("apinto-jwt, warm", "203 ns (0.69×)", "1.56 µs (0.01×)")
	costs.Add("Apinto builtin", "8.59 µs (29.3×)", "–")
	rates := &Table{Title: "End to end: requests a second", Head: []string{"route", "1 app", "2,000 apps", "10,000 apps"}}
	rates.Add("open route", "7290 (1.00)", "7370 (1.39)", "7161 (2.20)")
	rates.Add("nothing (the host alone)", "7209 (0.99)", "5326 (1.00)", "3273 (1.01)")
	rates.Add("HS256: builtin jwt", "5796 (0.80)", "189 (0.04)", "–")
	got, err := Read("# Speed\n\n" + costs.String() + rates.String())
	if err != nil {
		t.Fatal(err)
	}
	want := Outcome{
		Bars: []Bar{{"apinto-jwt, warm", "HS256", 203}, {"Apinto builtin", "HS256", 8590}, {"apinto-jwt, warm", "PS256", 1560}},
		Lines: []Line{
			{Name: "open route", Points: []Point{{1, 7290}, {2000, 7370}, {10000, 7161}}},
			{Name: "builtin jwt", Points: []Point{{1, 5796}, {2000, 189}}, Stops: StopsBuiltin},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, text := range []string{"# Speed\n", "# Speed\n\n### Other\n\n| a | b |\n| --- | --- |\n"} {
		if _, err := Read(text); err == nil {
			t.Errorf("%q can be read", text)
		}
	}
}

// What is in the repository can be read.
func TestReadResults(t *testing.T) {
	text, err := os.ReadFile("../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	o, err := Read(string(text))
	if err != nil || len(o.Bars) == 0 || len(o.Lines) == 0 {
		t.Errorf("got %d bars, %d lines, error %v", len(o.Bars), len(o.Lines), err)
	}
}
