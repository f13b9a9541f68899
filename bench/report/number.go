package report

import (
	"fmt"
	"math"
	"strconv"
)

// Nanos writes a time per operation with three digits that count.
func Nanos(ns float64) string {
	switch {
	case ns >= 1e6:
		return digits(ns/1e6) + " ms"
	case ns >= 1e3:
		return digits(ns/1e3) + " µs"
	}
	return digits(ns) + " ns"
}

// Size writes a number of bytes.
func Size(bytes float64) string {
	switch {
	case bytes >= 1<<20:
		return digits(bytes/(1<<20)) + " MiB"
	case bytes >= 1<<10:
		return digits(bytes/(1<<10)) + " KiB"
	}
	return digits(bytes) + " B"
}

// Ratio writes how many times as much.
func Ratio(r float64) string {
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return "–"
	}
	switch {
	case r >= 0.1 && r < 10:
		return fmt.Sprintf("%.2f×", r)
	case r < 0.1 && r >= 0.001:
		return fmt.Sprintf("%.3f×", r)
	case r < 0.001:
		return "<0.001×"
	}
	return digits(r) + "×"
}

// Count writes a number that is an average of whole ones.
func Count(n float64) string {
	if n >= 10 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.1f", n)
}

// Percent writes a share of one.
func Percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// digits writes three digits that count.
func digits(v float64) string {
	switch {
	case v >= 100 || v == 0:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// Whole writes a whole number with commas between its thousands.
func Whole(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
