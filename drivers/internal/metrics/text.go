package metrics

import (
	"fmt"
	"strconv"
	"strings"
)

// Text is metrics in Prometheus's text format.
type Text struct{ strings.Builder }

// Requests writes what has been counted of requests.
func (t *Text) Requests(states []State) {
	t.head("apinto_jwt_requests_total", "counter", "Requests by what they came to; token_missing: no token was found in them.")
	for _, s := range states {
		fmt.Fprintf(t, "apinto_jwt_requests_total{%s} %d\n", s.labels(), s.Count)
	}
	t.head("apinto_jwt_last_used_timestamp_seconds", "gauge", "When the last request of the kind came.")
	for _, s := range states {
		fmt.Fprintf(t, "apinto_jwt_last_used_timestamp_seconds{%s} %d\n", s.labels(), s.LastUsed.Unix())
	}
}

// Sample is a number of one thing among others of its kind.
type Sample struct {
	Label, Value string // what tells it from the others
	Number       float64
}

// Gauges writes numbers that grow and shrink, one for each thing.
func (t *Text) Gauges(name, help string, samples []Sample) { t.samples(name, "gauge", help, samples) }

// Totals writes numbers that only grow, one for each thing.
func (t *Text) Totals(name, help string, samples []Sample) { t.samples(name, "counter", help, samples) }

func (t *Text) samples(name, kind, help string, samples []Sample) {
	if len(samples) == 0 {
		return
	}
	t.head(name, kind, help)
	for _, s := range samples {
		fmt.Fprintf(t, "%s{%s=\"%s\"} %s\n", name, s.Label, escapes.Replace(s.Value), strconv.FormatFloat(s.Number, 'f', -1, 64))
	}
}

// Gauge writes a number that grows and shrinks.
func (t *Text) Gauge(name, help string, value int) {
	t.head(name, "gauge", help)
	fmt.Fprintf(t, "%s %d\n", name, value)
}

// Total writes a number that only grows.
func (t *Text) Total(name, help string, value uint64) {
	t.head(name, "counter", help)
	fmt.Fprintf(t, "%s %d\n", name, value)
}

// head writes the head of a metric.
func (t *Text) head(name, kind, help string) {
	fmt.Fprintf(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labels returns the counter's labels.
func (s State) labels() string {
	return fmt.Sprintf(`reason="%s",application="%s",kid="%s"`, s.Reason, escapes.Replace(s.Application), escapes.Replace(s.KeyID))
}

// escapes are the only ones that the format knows: those of %q beyond them make the whole page unreadable.
var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
