package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// printTable writes one row per line and returns how many are wrong.
func printTable(w io.Writer, lines []line) (wrong int) {
	rows := [][]string{{"case", "expected", "got", "reason", "upstream saw", "verdict"}}
	for _, l := range lines {
		verdict := "ok"
		if !l.right() {
			verdict = "WRONG"
			wrong++
		}
		rows = append(rows, []string{
			l.name, fmt.Sprint(l.status), fmt.Sprint(l.got.status), l.got.reason, l.got.upstreamSaw(), verdict,
		})
	}
	ruled(w, rows)
	return wrong
}

// step is one row of a table of the later acts, which its request fills.
type step struct {
	name     string
	expected string
	do       func() (string, error)
}

// play takes the steps one after another, writes a row for each, and returns how many are wrong.
func play(w io.Writer, title string, steps []step) (wrong int, err error) {
	rows := [][]string{{title, "expected", "got", "verdict"}}
	for _, s := range steps {
		got, err := s.do()
		if err != nil {
			return wrong, fmt.Errorf("%s: %w", s.name, err)
		}
		verdict := "ok"
		if got != s.expected {
			verdict = "WRONG"
			wrong++
		}
		rows = append(rows, []string{s.name, s.expected, got, verdict})
	}
	fmt.Fprintln(w)
	ruled(w, rows)
	return wrong, nil
}

// ruled writes a table with a line below its first row.
func ruled(w io.Writer, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for i, row := range rows {
		fmt.Fprintln(w, format(row, width))
		if i == 0 {
			fmt.Fprintln(w, format(make([]string, len(row)), width))
		}
	}
}

// format pads the cells; those of an empty row are ruled.
func format(row []string, width []int) string {
	ruled := strings.Join(row, "") == ""
	cells := make([]string, len(row))
	for i, cell := range row {
		fill := " "
		if ruled {
			fill = "─"
		}
		cells[i] = cell + strings.Repeat(fill, width[i]-utf8.RuneCountInString(cell))
	}
	return strings.TrimRight(strings.Join(cells, "  "), " ")
}

// right is whether all came as it must: a request that passes reaches the
// upstream once, without its credential; one that is refused never does; and
// neither ends the gateway's worker process.
func (l line) right() bool {
	reached := 0
	if l.status == 200 {
		reached = 1
	}
	got := l.got
	return got.status == l.status && got.reached == reached && !got.leaked && got.survived && got.reason == l.reason
}

func (a answer) upstreamSaw() string {
	switch {
	case !a.survived:
		return "the worker DIED"
	case a.leaked:
		return "the request and its CREDENTIAL"
	case a.reached == 0:
		return "nothing"
	case a.reached > 1:
		return fmt.Sprintf("%d requests", a.reached)
	}
	return "the request, no credential"
}
