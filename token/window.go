package token

import (
	"math"
	"time"
)

// Window is a span of time, from its first moment to before its last.
type Window struct{ from, until float64 } // seconds, as a NumericDate's

// Always is all of time.
var Always = Window{math.Inf(-1), math.Inf(1)}

// Window returns when [Expected.CheckTime] holds of a token for which it holds now. At its ends CheckTime is to be asked,
// which says what failed.
func (e *Expected) Window(v *Verified) Window {
	c, w, leeway := &v.token.claims, Always, e.Leeway.Seconds()
	if c.expires.set && e.Exp != Ignore {
		w.until = c.expires.seconds + leeway
	}
	if c.notBefore.set && e.Nbf != Ignore {
		w.from = c.notBefore.seconds - leeway
	}
	if c.issuedAt.set && !e.FutureIssue {
		w.from = max(w.from, c.issuedAt.seconds-leeway)
	}
	return w
}

// And returns the window that lies in both.
func (w Window) And(o Window) Window { return Window{max(w.from, o.from), min(w.until, o.until)} }

// Until returns the window's part before a time, in unix seconds.
func (w Window) Until(seconds int64) Window { return w.And(Window{math.Inf(-1), float64(seconds)}) }

// Has reports whether the time lies in the window.
func (w Window) Has(t time.Time) bool {
	seconds := secondsOf(t)
	return w.from <= seconds && seconds < w.until
}
