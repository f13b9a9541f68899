package remote

import (
	"slices"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

// A panic in the goroutine that fetches is told of, does not end the process, and the set is fetched again later.
func TestPanicWhileFetching(t *testing.T) {
	var mu sync.Mutex
	var places []string
	b := newBench(t, func(o *Options) {
		o.Panicked = func(place string) {
			mu.Lock()
			defer mu.Unlock()
			places = append(places, place)
		}
	})
	trips := 1
	s, err := b.pool.Acquire(b.config(), func() {
		if trips > 0 {
			trips--
			panic("the test's panic")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Release)
	b.clock.asleep(b, 1)
	mu.Lock()
	if !slices.Equal(places, []string{"the fetching of a key set"}) {
		t.Errorf("told of: %v", places)
	}
	mu.Unlock()
	before := b.server.Requests(jwttest.KeysPath)
	b.advance(panicPause)
	b.advance(2 * time.Hour)
	if b.server.Requests(jwttest.KeysPath) == before {
		t.Error("the set is not fetched any more")
	}
}
