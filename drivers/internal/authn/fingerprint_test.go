package authn

import (
	"strconv"
	"sync"
	"testing"

	"apinto-jwt/token"
)

// More texts than are kept, each several times and by several at once: every one has its own fingerprint.
func TestFingerprints(t *testing.T) {
	f := newFingerprints()
	var done sync.WaitGroup
	for range 4 {
		done.Add(1)
		go func() {
			defer done.Done()
			for i := range 4 * len(f.last) {
				for range 2 {
					raw := "a.b." + strconv.Itoa(i%(2*len(f.last)))
					if got, want := f.of(raw), token.Fingerprint(raw); got != want {
						t.Errorf("%s: %s, want %s", raw, got, want)
					}
				}
			}
		}()
	}
	done.Wait()
	raw := "a.b.c"
	f.of(raw)
	if n := testing.AllocsPerRun(100, func() { f.of(raw) }); n != 0 {
		t.Errorf("the fingerprint of a text that came before takes %v allocations", n)
	}
}
