package jwt

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// The cache counts what its tokens take, however many claims they have.
func TestCacheCountsItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, number := range []int{0, 6, 30, 120} {
		t.Run(fmt.Sprint(number, " claims"), func(t *testing.T) {
			var ratio float64
			for range 3 { // an earlier test's garbage may be freed meanwhile: it does so once
				if ratio = countedMemory(t, number); ratio >= 0.7 && ratio <= 1.4 {
					return
				}
			}
			t.Errorf("the tokens take %.2f times what is counted", ratio)
		})
	}
}

// countedMemory fills a cache with tokens of this many claims, and returns how many times what is counted they take.
func countedMemory(t *testing.T, number int) float64 {
	t.Helper()
	const tokens = 1500
	k := newKit(t)
	list := k.bind(appOf("a"), entry{users: usersJSON("ann")})
	requests := make([]string, tokens)
	for i := range requests {
		payload := claims{"sub": "ann", "jti": fmt.Sprint(i)}
		for j := range number {
			payload[fmt.Sprint("c", j)] = j
		}
		requests[i] = tokenOf(t, secretA, payload)
	}
	before := heap()
	for range 3 { // the second time it is kept, the third time its verdict
		for _, raw := range requests {
			if got := answer(inHeader(t, raw), list...); got != "ann of a@app" {
				t.Fatal(got)
			}
		}
	}
	took := int64(heap()) - int64(before)
	held, counted := k.driver.Cached()
	t.Logf("%d tokens: %d bytes each, %d counted", held, took/int64(held), int64(counted)/int64(held))
	if held < tokens*9/10 {
		t.Fatalf("%d of %d tokens are held", held, tokens)
	}
	runtime.KeepAlive(requests)
	runtime.KeepAlive(list)
	return float64(took) / float64(counted)
}

// heap returns how many bytes are in use, once that has settled: what earlier tests held is freed by pools and clean-ups, in turns.
func heap() uint64 {
	var stats runtime.MemStats
	before := uint64(0)
	for range 50 {
		runtime.GC()
		runtime.ReadMemStats(&stats)
		if max(stats.HeapAlloc, before)-min(stats.HeapAlloc, before) < 16<<10 {
			break
		}
		before = stats.HeapAlloc
		time.Sleep(2 * time.Millisecond)
	}
	return stats.HeapAlloc
}
