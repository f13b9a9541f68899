package jwttoken

import (
	"runtime"
	"testing"
	"time"
)

// What a request with a token of a rule that issues pays for asking the store: one at a time, and 64 at once.
func BenchmarkRevoked(b *testing.B) {
	for _, name := range []string{"process", "redis"} {
		r := newRig(b)
		if name == "redis" {
			r.overRedis()
		}
		r.login("shop", "ann")
		w, expires := r.office.stores[r.cache], time.Now().Add(time.Hour)
		ask := func(b *testing.B) {
			b.Helper()
			if w.Revoked("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBB", expires) {
				b.Error("revoked")
			}
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ask(b)
			}
		})
		b.Run(name+",64 at once", func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					ask(b)
				}
			})
		})
	}
}

// An error in the log once a minute, however often the store fails.
func TestComplainsOnceAMinute(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	w := newWatch("test", nil, func() time.Time { return now })
	for _, step := range []struct {
		after time.Duration
		logs  bool
	}{{0, true}, {0, false}, {59 * time.Second, false}, {time.Second, true}, {time.Second, false}} {
		now = now.Add(step.after)
		before := w.complained.Load()
		w.complain(errSlow)
		if logged := w.complained.Load() != before; logged != step.logs {
			t.Errorf("at %s: logged %v", now, logged)
		}
	}
}
