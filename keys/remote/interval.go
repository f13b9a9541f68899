package remote

import (
	"time"

	"apinto-jwt/keys/remote/internal/origin"
)

// Between these, the server says when its set is fetched again.
const (
	minFresh = 30 * time.Second
	maxFresh = 24 * time.Hour
)

// interval returns how long after an answer the set is fetched again: what the answer says, within minFresh (or the refresh, if
// that is shorter) and maxFresh; the refresh if it says nothing. It is always so early that a quarter of maxStale is left for
// failures.
func (t terms) interval(fresh origin.Freshness) time.Duration {
	d := t.refresh
	if fresh.Known {
		d = min(max(fresh.Age, min(minFresh, t.refresh)), maxFresh)
	}
	return min(d, t.maxStale/4*3)
}
