// Package report writes what was measured as Markdown.
package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Table is a Markdown table whose columns are lined up, so that it can be read in a terminal too.
type Table struct {
	Title string
	Note  string // one paragraph below the title
	Head  []string
	Rows  [][]string
}

// Add appends a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// String returns the table in Markdown, with an empty line at its end.
func (t *Table) String() string {
	widths := make([]int, len(t.Head))
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "### %s\n\n", t.Title)
	}
	if t.Note != "" {
		fmt.Fprintf(&b, "%s\n\n", t.Note)
	}
	writeRow(&b, t.Head, widths)
	b.WriteByte('|')
	for i, width := range widths {
		rule := strings.Repeat("-", width)
		if i > 0 { // numbers
			rule = rule[1:] + ":"
		}
		fmt.Fprintf(&b, " %s |", rule)
	}
	b.WriteByte('\n')
	for _, row := range t.Rows {
		writeRow(&b, row, widths)
	}
	b.WriteByte('\n')
	return b.String()
}

func writeRow(b *strings.Builder, row []string, widths []int) {
	b.WriteByte('|')
	for i, width := range widths {
		cell := ""
		if i < len(row) {
			cell = row[i]
		}
		gap := strings.Repeat(" ", width-utf8.RuneCountInString(cell))
		if i == 0 {
			fmt.Fprintf(b, " %s%s |", cell, gap)
		} else {
			fmt.Fprintf(b, " %s%s |", gap, cell)
		}
	}
	b.WriteByte('\n')
}
