package origin

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Freshness is how long an answer may be used without asking again.
type Freshness struct {
	// Age that the answer may reach; negative if it has reached that before it came.
	Age time.Duration
	// Known is false if the answer says nothing of its age.
	Known bool
}

// FreshnessOf reads an answer's header (RFC 9111 §4.2.1); the time it has spent in caches is taken off. What cannot be read
// counts as stale.
func FreshnessOf(h http.Header, now time.Time) Freshness {
	if age, ok := maxAge(h.Values("Cache-Control")); ok {
		return Freshness{age - seconds(h.Get("Age")), true}
	}
	if h.Get("Expires") == "" {
		return Freshness{}
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil { // "0" is usual for "has expired"
		return Freshness{0, true}
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return Freshness{expires.Sub(now), true}
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

// seconds reads delta-seconds (RFC 9111 §1.2.2); 0 if the text is none.
func seconds(text string) time.Duration {
	const maxSeconds = 1 << 31 // stands for every greater number
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return time.Duration(min(n, maxSeconds)) * time.Second
}
