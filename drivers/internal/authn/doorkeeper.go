package authn

import (
	"sync/atomic"
)

// doorkeeper knows roughly which numbers have come lately: each row holds 16 bits of each of the last four that fell into
// it, the latest lowest.
type doorkeeper [1 << 12]atomic.Uint64

// seen reports whether the number has come before, and notes it. One in 16,000 that has not is taken for one that has.
func (d *doorkeeper) seen(number uint64) bool {
	const tag, ways = 16, 4
	row := &d[number%uint64(len(d))]
	last, own := row.Load(), max(1, number>>(64-tag))
	for i := range ways {
		if last>>(i*tag)&(1<<tag-1) == own {
			return true
		}
	}
	latest, goes := last&(1<<tag-1), tag*(1+number>>32%(ways-1)) // one of the older ones goes
	row.Store(last&^(1<<tag-1)&^((1<<tag-1)<<goes) | latest<<goes | own)
	return false
}
