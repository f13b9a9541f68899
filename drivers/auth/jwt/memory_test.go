package jwt

import (
	"fmt"
	"runtime"
	"testing"
)

// The cache counts what its tokens take, however many claims they have.
func TestCacheCountsItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, number := range []int{0, 6, 30, 120} {
		t.Run(fmt.Sprint(number, " claims"), func(t *testing.T) {
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
			held, counted := k.driver.memories.cache.Size()
			ratio := float64(took) / float64(counted)
			t.Logf("%d tokens: %d bytes each, %d counted", held, took/int64(held), int64(counted)/int64(held))
			if held < tokens*9/10 || ratio < 0.7 || ratio > 1.4 {
				t.Errorf("%d tokens are held, and take %.2f times what is counted", held, ratio)
			}
			runtime.KeepAlive(requests)
			runtime.KeepAlive(list)
		})
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	var stats runtime.MemStats
	for range 2 { // pools are emptied by the second
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
