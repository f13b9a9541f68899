package inspect

import (
	"math"
	"strconv"
	"time"
)

// units are the units that a span of time is told in, each up to its max.
var units = []struct {
	name string
	size time.Duration
	max  time.Duration
}{
	{"second", time.Second, 2 * time.Minute},
	{"minute", time.Minute, 2 * time.Hour},
	{"hour", time.Hour, 48 * time.Hour},
	{"day", 24 * time.Hour, 2 * 365 * 24 * time.Hour},
	{"year", 365 * 24 * time.Hour, math.MaxInt64},
}

// span returns a length of time roughly: "90 seconds", "5 minutes", "3 days". Whole seconds count, rounded up, so that
// a token made a moment ago for 5 minutes does not live 4.
func span(d time.Duration) string {
	d = d.Abs()
	if rest := d % time.Second; rest > 0 && d < math.MaxInt64-time.Second {
		d += time.Second - rest
	}
	for _, unit := range units {
		if d < unit.max || unit.name == "year" {
			return Count(int(d/unit.size), unit.name)
		}
	}
	return ""
}

// Count returns a number of things: "1 byte", "2 bytes".
func Count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// Relative returns a time by its distance: "in 5 minutes", "3 days ago".
func Relative(at, now time.Time) string {
	switch d := at.Sub(now); {
	case d > 0:
		return "in " + span(d)
	case d < 0:
		return span(d) + " ago"
	}
	return "now"
}
