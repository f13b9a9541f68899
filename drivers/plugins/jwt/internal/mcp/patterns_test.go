package mcp

import (
	"slices"
	"testing"
)

// patternsOf returns patterns whose values are themselves.
func patternsOf(t *testing.T, patterns ...string) *Patterns[string] {
	t.Helper()
	var p Patterns[string]
	for _, one := range patterns {
		if err := p.Add(one, one); err != nil {
			t.Fatal(err)
		}
	}
	return &p
}

func TestFind(t *testing.T) {
	patterns := []string{"get_*", "get_file", "get_file*", "*_file", "*", "get_*_x", "a*b", "*ab", "ab*"}
	for name, want := range map[string]string{
		"get_file": "get_file", "get_files": "get_file*", "get_x": "get_*", "get_": "get_*", "get": "*", "put_file": "*_file", "_file": "*_file",
		"get_a_x": "get_*_x", "get__x": "get_*_x", "get_ab_file": "*_file", "Get_file": "*_file", "": "*", "aab": "a*b", "xab": "*ab", "abb": "ab*", "ab": "ab*", "axb": "a*b",
	} {
		for range 2 {
			if got, ok := patternsOf(t, patterns...).Find(name); !ok || got != want {
				t.Errorf("%q: got %q, want %q", name, got, want)
			}
			slices.Reverse(patterns)
		}
	}
	for _, name := range []string{"", "get", "aget_", "ge_t"} {
		if got, ok := patternsOf(t, "get_*", "x").Find(name); ok {
			t.Errorf("%q is found by %q", name, got)
		}
	}
	if got, ok := patternsOf(t, "ab*ba").Find("aba"); ok {
		t.Errorf("the same characters count twice: %q", got)
	}
	var none Patterns[string]
	if _, ok := none.Find("x"); ok {
		t.Error("no pattern matches")
	}
	for _, bad := range []string{"", "**", "a*b*"} {
		if none.Add(bad, "") == nil {
			t.Errorf("%q is a pattern", bad)
		}
	}
}

// A URI that could be taken for another is found by itself alone.
func TestFindURI(t *testing.T) {
	p := patternsOf(t, "file:///public/*", "file:///public/../odd", "*")
	for uri, want := range map[string]string{
		"file:///public/a": "file:///public/*", "file:///public/": "file:///public/*", "file:///public/a%20b": "file:///public/*", "file:///public/../odd": "file:///public/../odd",
		"file:///x": "*", "urn:x:y": "*", "note://a/b?../c": "*", "https://a:8080/b/c#/../d": "*", "note://{host}/{path}": "*", "file:///é": "*", "a:": "*",
	} {
		if got, ok := p.FindURI(uri); !ok || got != want {
			t.Errorf("%q: got %q, want %q", uri, got, want)
		}
	}
	odd := []string{
		"file:///public/../secret", "file:///public/./a", "file:///public/..", "file:///public//a", "file:////public/a", "file:///public/%2e%2e/a", "file:///public/%2E%2E/a",
		"file:///public/..%2Fa", "file:///public%5Ca", `file:///public\..\a`, "file:///public/%61", "FILE:///public/a", "File:///public/a", "https://A/b", "https://a%41/b",
		"file:///public/a b", "file:///public/\x00", "file:///public/%", "file:///public/%2", "file:///public/%zz", "file:///public/%c3", "file:///public/%00", "file:///public/\x7f", "public", "../a:b/../c",
	}
	for _, uri := range odd {
		if got, ok := p.FindURI(uri); ok {
			t.Errorf("%q is found by %q", uri, got)
		}
		if _, ok := patternsOf(t, "*").FindURI(uri); !ok {
			t.Errorf("%q is not found by * alone", uri)
		}
	}
}
