package store

import (
	"runtime"
	"testing"
	"time"
)

// What a request with a token of a rule that issues pays for asking the store: one at a time, and 64 at once.
func BenchmarkRevoked(b *testing.B) {
	for _, name := range []string{"process", "redis"} {
		f := inProcess(b)
		if name == "redis" {
			f = inRedis(b)
		}
		c, expires := NewCached("test", f.Store, f.now), time.Now().Add(time.Hour)
		ask := func(b *testing.B) {
			b.Helper()
			if c.Revoked("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBB", expires) {
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
