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

// freshness is how long an answer may be used without asking again; not known where the answer says nothing of that.
type freshness struct {
	age   time.Duration
	known bool
}

// interval is how long after an answer the set is fetched again: what the answer says, within minFresh (or the refresh, where
// that is shorter) and maxFresh; the refresh where it says nothing; and always so early that a quarter of maxStale is left
// for failures.
func (t terms) interval(fresh freshness) time.Duration {
	d := t.refresh
	if fresh.known {
		d = min(max(fresh.age, min(minFresh, t.refresh)), maxFresh)
	}
	return min(d, t.maxStale/4*3)
}

// freshnessOf reads an answer's header (RFC 9111 §4.2.1); the time it has spent in caches is taken off. What cannot be read
// counts as stale.
func freshnessOf(h http.Header, now time.Time) freshness {
	if age, ok := maxAge(h.Values("Cache-Control")); ok {
		return freshness{age - seconds(h.Get("Age")), true}
	}
	if h.Get("Expires") == "" {
		return freshness{}
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil { // "0" is usual for "has expired"
		return freshness{0, true}
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return freshness{expires.Sub(now), true}
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
