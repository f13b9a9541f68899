package token

import (
	"math"
	"strconv"
	"time"

	"apinto-jwt/internal/strictjson"
)

// maxDate bounds a NumericDate: within ±2^53 every whole second has a float64 of its own.
const maxDate = 1 << 53

// NumericDate is a point in time in seconds since 1970-01-01T00:00:00Z, fractions allowed (RFC 7519 §2). The zero
// value is "not there".
type NumericDate struct {
	seconds float64
	set     bool
}

// parse reads a JSON number. It stays a float64: converted to an integer, 1e19 would be a date in the past.
func (d *NumericDate) parse(raw, part string) *Error {
	if raw[0] != '-' && !strictjson.IsDigit(raw[0]) {
		return refuse(TokenMalformed, part, "must be a number")
	}
	if seconds, ok := wholeSeconds(raw); ok {
		d.seconds, d.set = seconds, true
		return nil
	}
	seconds, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.Abs(seconds) > maxDate {
		return refuse(TokenMalformed, part, "is out of range")
	}
	d.seconds, d.set = seconds, true
	return nil
}

// wholeSeconds reads digits alone, as dates have: a tenth of ParseFloat's time. Up to 15 of them a float64 has exactly.
func wholeSeconds(raw string) (float64, bool) {
	if len(raw) > 15 {
		return 0, false
	}
	whole := 0
	for i := range len(raw) {
		if !strictjson.IsDigit(raw[i]) {
			return 0, false
		}
		whole = 10*whole + int(raw[i]-'0')
	}
	return float64(whole), true
}

// IsSet reports whether the claim is there.
func (d NumericDate) IsSet() bool { return d.set }

// Seconds returns the number itself; 0 if it is not there.
func (d NumericDate) Seconds() float64 { return d.seconds }

// Time returns the date as a time in UTC, to the microsecond.
func (d NumericDate) Time() time.Time {
	whole, fraction := math.Modf(d.seconds)
	return time.Unix(int64(whole), int64(fraction*1e6)*1e3).UTC()
}

// String returns the date as people read it; a year that RFC 3339 cannot write is shown as the number.
func (d NumericDate) String() string {
	if !d.set {
		return "none"
	}
	if t := d.Time(); t.Year() >= 0 && t.Year() <= 9999 {
		return t.Format(time.RFC3339Nano)
	}
	return strconv.FormatFloat(d.seconds, 'f', -1, 64)
}

// secondsOf returns a time as a NumericDate's number.
func secondsOf(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }
