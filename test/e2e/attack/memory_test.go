package attack

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// memoryWatch samples the resident memory of a process ten times a second.
type memoryWatch struct {
	process int
	quit    chan struct{}
	done    chan struct{}
	samples []memorySample
}

type memorySample struct {
	at  time.Time
	mib int
}

// watchMemory begins to sample.
func watchMemory(process int) *memoryWatch {
	m := &memoryWatch{process: process, quit: make(chan struct{}), done: make(chan struct{})}
	go m.run()
	return m
}

func (m *memoryWatch) run() {
	defer close(m.done)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if mib, ok := residentMiB(m.process); ok {
			m.samples = append(m.samples, memorySample{time.Now(), mib})
		}
		select {
		case <-m.quit:
			return
		case <-tick.C:
		}
	}
}

// residentMiB is what a process has in memory; only Linux says so.
func residentMiB(process int) (int, bool) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0, false
	}
	_, rest, found := strings.Cut(string(content), "VmRSS:")
	kib := 0
	if _, err := fmt.Sscan(rest, &kib); !found || err != nil {
		return 0, false
	}
	return kib >> 10, true
}

// peak is the most that was seen between two moments.
func (m *memoryWatch) peak(from, to time.Time) int {
	most := 0
	for _, s := range m.samples {
		if !s.at.Before(from) && !s.at.After(to) {
			most = max(most, s.mib)
		}
	}
	return most
}

// Bounds of the worker's memory, in MiB. The cache of verified tokens may grow to 64; the rest is for the requests under
// way, of which each may have a body of 2 MiB, and for garbage that has not been collected.
const (
	memoryCache  = 64
	memoryAround = 96
)

// expect stops the watch. The load lasted from begin to end.
func (m *memoryWatch) expect(t *testing.T, begin, end time.Time) {
	t.Helper()
	close(m.quit)
	<-m.done
	if len(m.samples) == 0 {
		t.Log("this system does not say how much memory the worker has")
		return
	}
	half := begin.Add(end.Sub(begin) / 2)
	start, last := m.samples[0].mib, m.samples[len(m.samples)-1].mib
	first, second := m.peak(begin, half), m.peak(half, end)
	t.Logf("the worker's memory: start %d MiB, peak %d MiB (first half of the load %d, second %d), end %d MiB",
		start, max(first, second), first, second, last)
	if most := start + memoryCache + memoryAround; last > most || second > most {
		t.Errorf("the worker has %d MiB at the end and had %d in the second half, want at most %d", last, second, most)
	}
	if most := first + first/4 + memoryCache; second > most {
		t.Errorf("the worker's memory went on growing to %d MiB in the second half, want at most %d", second, most)
	}
}
