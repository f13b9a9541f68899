package token

import (
	"slices"
	"testing"
)

func TestPathMembers(t *testing.T) {
	tests := []struct {
		path string
		want []string
	}{
		{"sub", []string{"sub"}},
		{"$.sub", []string{"sub"}},
		{"user.name", []string{"user", "name"}},
		{"user.0", []string{"user", "0"}},
		{"$.user.name", []string{"user", "name"}},
		{"$['a.b']['c d']", []string{"a.b", "c d"}},
		{"@.user", []string{"user"}},
		{"$", nil},
		{"$[0]", nil},
		{"$.roles[0]", nil},
		{"roles[0]", nil},
		{"$.users[-1]", nil},
		{"$..name", nil},
		{"$.*", nil},
		{"users.#.name", nil},
		{"u*", nil},
		{`a\.b`, nil},
		{"sub|@reverse", nil},
	}
	for _, tt := range tests {
		path, err := ParsePath(tt.path)
		if err != nil {
			t.Fatalf("%s: %v", tt.path, err)
		}
		if got, ok := path.Members(); ok != (tt.want != nil) || ok && !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, %v; want %q", tt.path, got, ok, tt.want)
		}
	}
	if _, ok := (Path{}).Members(); ok {
		t.Error("the zero path has members")
	}
}

func TestParseSeconds(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "1709294400": 1709294400, "-5": -5, "1.5": 1.5, "1e3": 1000} {
		if got, ok := ParseSeconds(text); !ok || got != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "soon", "NaN", "Inf", "0x10", "1_0", "1e19", "+5", " 5", "5 ", "-", "1709294400s"} {
		if got, ok := ParseSeconds(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
