package soak

import (
	"fmt"

	"apinto-jwt/bench/report"
)

// maxGrowth bounds the memory of the last fifth, as a multiple of that of the fifth in the middle.
const maxGrowth = 1.05

// outcome returns the measurements.
func (r *run) outcome() report.Outcome {
	o := r.options
	return report.Outcome{Tables: []report.Table{r.table()}, Figures: []report.Figure{
		report.AtMost("soak: failed requests", float64(r.sent.Failed), 0).In(""),
		report.AtMost("soak: failed changes of rules", float64(r.changes.failed), 0).In(""),
		report.AtLeast("soak: different tokens", float64(different(r.sent.Sent, o.Tokens)), float64(o.Tokens)).In(""),
		report.AtMost("soak: worker processes, one after the other", float64(workers(r.samples)), 1).In(""),
		report.AtMost("soak: memory, last fifth ÷ fifth in the middle", growth(r.samples, o.Length), maxGrowth),
	}}
}

// table shows the memory over the time.
func (r *run) table() report.Table {
	o := r.options
	t := report.Table{
		Title: "Soak",
		Note: fmt.Sprintf("%s with %s applications: %s requests, %s different tokens, half of the requests with a new one; p50 %s, p99 %s. "+
			"%d changes of rules, of an application each, one a second. Memory is resident in all processes, the median of a tenth of the time.",
			o.Length, report.Whole(o.Apps), report.Whole(r.sent.Sent), report.Whole(different(r.sent.Sent, o.Tokens)),
			report.Nanos(float64(r.sent.P50)), report.Nanos(float64(r.sent.P99)), r.changes.made),
		Head: []string{"after"},
	}
	for _, err := range []error{r.failure, r.changes.first} {
		if err != nil {
			t.Note += fmt.Sprintf(" Failed: %v.", err)
		}
	}
	cells := []string{"memory"}
	for tenth := range 10 {
		t.Head = append(t.Head, fmt.Sprintf("%d %%", 10*(tenth+1)))
		cells = append(cells, report.Size(between(r.samples, o.Length, float64(tenth)/10, float64(tenth+1)/10)))
	}
	t.Add(cells...)
	return t
}
