package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/bench/report"
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		args  []string
		ok    bool
		write bool
		parts []string
	}{
		"nothing":          {nil, true, true, usual},
		"quick":            {[]string{"-quick"}, true, false, usual},
		"a part":           {[]string{"-only", "binding"}, true, false, []string{"binding"}},
		"a part, written":  {[]string{"-only", "e2e,binding", "-write"}, true, true, []string{"e2e", "binding"}},
		"soak":             {[]string{"-only", "soak"}, true, false, []string{"soak"}},
		"many peers' apps": {[]string{"-peerapps", "200"}, false, false, nil},
		"no soak":          {[]string{"-soak", "0s"}, false, false, nil},
		"unknown part":     {[]string{"-only", "all"}, false, false, nil},
		"falling apps":     {[]string{"-apps", "200,1"}, false, false, nil},
		"no rounds":        {[]string{"-rounds", "0"}, false, false, nil},
		"short load":       {[]string{"-duration", "100ms"}, false, false, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := parse(test.args, io.Discard)
			if (err == nil) != test.ok {
				t.Fatal(err)
			}
			if test.ok && (s.write != test.write || !slices.Equal(s.only, test.parts)) {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestRunBinding(t *testing.T) {
	dir := t.TempDir()
	var out strings.Builder
	err := run(t.Context(), []string{
		"-quick", "-only", "binding", "-rounds", "1", "-rules", "1,10", "-cache", "500000", "-write", "-results", filepath.Join(dir, "results.md"),
		"-picture", filepath.Join(dir, "speed.svg"),
	}, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"### Figures", "### Binding applications", "### Memory of the cache"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("no %q in\n%s", text, out.String())
		}
	}
}

func TestFigures(t *testing.T) {
	table := report.Figures([]report.Figure{report.AtLeast("a", 2, 1), report.AtMost("b", 2, 1), report.AtMost("c", 0.5, 1).In(" KiB")})
	text := table.String()
	for _, want := range []string{"2 of 3", "≥ 1.00×", "MISS", "≤ 1.00 KiB"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
