package report

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The tables that the picture is drawn from.
const (
	costsTitle = "### An accepted token, one rule"
	ratesTitle = "### End to end: requests a second"
)

// StopsBuiltin is why the builtin has no rate with the most applications.
const StopsBuiltin = "too slow to measure with more applications"

// errNoTable: a text has not the tables that a picture is drawn from.
var errNoTable = errors.New("no table of costs and none of rates in the results")

// drawn are the routes of the picture, as they stand in the table.
var drawn = []string{
	"open route", "apikey", "HS256: apinto-jwt, warm", "HS256: apinto-jwt, new tokens", "HS256: apinto-jwt + filter", "HS256: builtin jwt",
}

// Read reads what the picture shows out of the results, as they are written, to draw it without measuring again.
func Read(results string) (Outcome, error) {
	var o Outcome
	costs, rates := rows(results, costsTitle), rows(results, ratesTitle)
	if len(costs) == 0 && len(rates) == 0 {
		return o, errNoTable
	}
	for column := 1; len(costs) > 0 && column < len(costs[0]); column++ {
		for _, row := range costs[1:] {
			nanos, measured, err := parseNanos(row[column])
			if err != nil {
				return o, err
			}
			if measured {
				o.Bars = append(o.Bars, Bar{Contender: row[0], Algorithm: costs[0][column], Nanos: nanos})
			}
		}
	}
	for _, name := range drawn {
		at := slices.IndexFunc(rates, func(row []string) bool { return row[0] == name })
		if at < 0 {
			continue
		}
		line, err := readLine(rates[0], rates[at])
		if err != nil {
			return o, err
		}
		o.Lines = append(o.Lines, line)
	}
	return o, nil
}

// readLine reads the rates of a route by the numbers of applications in the head.
func readLine(head, row []string) (Line, error) {
	_, name, found := strings.Cut(row[0], ": ")
	if !found {
		name = row[0]
	}
	line := Line{Name: name}
	for column := 1; column < len(head); column++ {
		count, _, _ := strings.Cut(head[column], " app")
		apps, err := strconv.Atoi(strings.ReplaceAll(count, ",", ""))
		if err != nil {
			return line, fmt.Errorf("results: %q is no number of applications: %w", head[column], err)
		}
		number, _, _ := strings.Cut(row[column], " (")
		if number == "–" {
			line.Stops = StopsBuiltin
			continue
		}
		rate, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return line, fmt.Errorf("results: %q is no rate: %w", row[column], err)
		}
		line.Points = append(line.Points, Point{Apps: apps, Rate: rate})
	}
	return line, nil
}

// parseNanos reads what Nanos has written; "–" is not measured.
func parseNanos(cell string) (nanos float64, measured bool, err error) {
	if cell == "–" {
		return 0, false, nil
	}
	text, _, _ := strings.Cut(cell, " (")
	number, unit, _ := strings.Cut(text, " ")
	factor := map[string]float64{"ns": 1, "µs": 1e3, "ms": 1e6}[unit]
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || factor == 0 {
		return 0, false, fmt.Errorf("results: %q is no time", cell)
	}
	return value * factor, true, nil
}

// rows returns the cells of the first table below a title; the head is the first row.
func rows(text, title string) [][]string {
	_, text, found := strings.Cut(text, title+"\n")
	if !found {
		return nil
	}
	var list [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if len(list) > 0 || strings.HasPrefix(line, "#") {
				break
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !strings.HasPrefix(cells[0], "---") {
			list = append(list, cells)
		}
	}
	return list
}
