// Package when reads times and durations as people write them on a command line.
package when

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"time"
)

// The errors of times and durations say what would be understood.
var (
	errWhen = errors.New(`wants a time: "15m", "+1h" or "-2d" from now, "now", 2026-01-31T12:00:00Z, or seconds since 1970`)
	errSpan = errors.New(`wants a duration: "90s", "15m", "1h30m", "30d", or a number of seconds`)
)

// maxSeconds bounds times as token.NumericDate does.
const maxSeconds = 1 << 53

// number matches a number of seconds.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Parse reads a point in time: "now", a duration from now, RFC 3339, or seconds since 1970 (a NumericDate, RFC 7519 §2).
func Parse(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	if number.MatchString(text) {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(seconds) > maxSeconds {
			return time.Time{}, errWhen
		}
		whole, fraction := math.Modf(seconds)
		return time.Unix(int64(whole), int64(fraction*1e9)), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if d, err := parseDuration(text); err == nil {
		return now.Add(d), nil
	}
	return time.Time{}, errWhen
}

// Span reads a duration that is not negative; a bare number is seconds.
func Span(text string) (time.Duration, error) {
	if number.MatchString(text) {
		text += "s"
	}
	d, err := parseDuration(text)
	if err != nil || d < 0 {
		return 0, errSpan
	}
	return d, nil
}

// withDays matches a duration that begins with days of 24 hours.
var withDays = regexp.MustCompile(`^([+-]?)([0-9]{1,5})d(.*)$`)

// parseDuration is time.ParseDuration with days before the rest: "30d", "-1d12h".
func parseDuration(text string) (time.Duration, error) {
	parts := withDays.FindStringSubmatch(text)
	if parts == nil {
		return time.ParseDuration(text)
	}
	days, err := strconv.Atoi(parts[2])
	if err != nil {
		return 0, err
	}
	d := time.Duration(days) * 24 * time.Hour
	if parts[3] != "" {
		rest, err := time.ParseDuration(parts[3])
		if err != nil || rest < 0 || rest >= 24*time.Hour {
			return 0, errSpan
		}
		d += rest
	}
	if parts[1] == "-" {
		d = -d
	}
	return d, nil
}
