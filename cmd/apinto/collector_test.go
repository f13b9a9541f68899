//go:build !windows

package main

import (
	"runtime"
	"testing"
	"time"
)

func TestGarbage(t *testing.T) {
	for live, want := range map[uint64]int{0: 100, bigHeap - 1: 100, bigHeap: 300, 80 << 20: 300, 128 << 20: 200, 256 << 20: 100, 8 << 30: 100} {
		if got := garbage(live); got != want {
			t.Errorf("%d MiB live: %d %%, want %d", live>>20, got, want)
		}
	}
}

// It is told of each collection, not of the first alone.
func TestAfterCollections(t *testing.T) {
	told := make(chan struct{}, 100)
	afterCollections(func() { told <- struct{}{} })
	for n := range 3 {
		runtime.GC()
		select {
		case <-told:
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing is told of collection %d", n+1)
		}
	}
}
