package lint

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

// docs/lint.md has a row for each kind of finding, in its words, and none for another.
func TestPageHasEveryFinding(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/lint.md")
	must.Succeed(t, err)
	var rows []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| <a id=") {
			rows = append(rows, strings.TrimSuffix(line, "\n"))
		}
	}
	for i, k := range catalogue {
		want := fmt.Sprintf(`| <a id="%s"></a>%s | %s | %s | %s |`, strings.ToLower(k.ID), k.ID, k.Severity, cell(k.Title), cell(k.Remedy))
		if i >= len(rows) || rows[i] != want {
			t.Fatalf("row %d of docs/lint.md must be\n%s", i+1, want)
		}
	}
	if len(rows) != len(catalogue) {
		t.Errorf("docs/lint.md has %d rows for %d kinds", len(rows), len(catalogue))
	}
}

// cell writes a text as a cell of a table in Markdown.
func cell(text string) string {
	return strings.NewReplacer("*", `\*`, "<", `\<`, "|", `\|`, "[", `\[`, "]", `\]`).Replace(text)
}
