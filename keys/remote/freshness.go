package remote

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Between these, the server says when its set is fetched again.
const (
	minFresh = 30 * time.Second
	maxFresh = 24 * time.Hour
)

// interval is how long after an answer the set is fetched again: what the answer says, within minFresh (or Refresh, where
// that is shorter) and maxFresh; Refresh where it says nothing; and always so early that a quarter of MaxStale is left
// for failures.
func (c Config) interval(h http.Header, now time.Time) time.Duration {
	d := c.Refresh
	if fresh, ok := freshness(h, now); ok {
		d = min(max(fresh, min(minFresh, c.Refresh)), maxFresh)
	}
	return min(d, c.MaxStale/4*3)
}

// freshness is how long an answer may be used without asking again (RFC 9111 §4.2.1), less the time it has spent in
// caches; false where it says nothing of that. What cannot be read counts as stale.
func freshness(h http.Header, now time.Time) (time.Duration, bool) {
	if fresh, ok := maxAge(h.Values("Cache-Control")); ok {
		return fresh - seconds(h.Get("Age")), true
	}
	if h.Get("Expires") == "" {
		return 0, false
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil { // "0" is usual for "has expired"
		return 0, true
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return expires.Sub(now), true
}

// maxAge reads Cache-Control (RFC 9111 §5.2.2): max-age, and no-store and no-cache as an age of zero. Of several the
// shortest counts.
func maxAge(fields []string) (age time.Duration, ok bool) {
	for _, directive := range strings.Split(strings.Join(fields, ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		var d time.Duration
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "max-age":
			d = seconds(strings.Trim(strings.TrimSpace(value), `"`))
		case "no-store", "no-cache":
		default:
			continue
		}
		if !ok || d < age {
			age, ok = d, true
		}
	}
	return age, ok
}

// seconds reads delta-seconds (RFC 9111 §1.2.2); 0 for what is none.
func seconds(text string) time.Duration {
	const most = 1 << 31 // a greater number stands for this
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return time.Duration(min(n, most)) * time.Second
}
