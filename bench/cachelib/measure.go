package cachelib

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"apinto-jwt/bench/timing"
)

// row is what was measured of one store with one kind of key.
type row struct {
	store      string
	byByte     bool
	hit        timing.Result // a token that is there
	mixed      timing.Result // the whole traffic, one goroutine
	parallel   timing.Result // the same, two goroutines
	hitRatio   float64
	overhead   float64 // bytes of memory for each entry, beside the entry itself
	goroutines int     // that run beside the callers
}

// batch is how many requests are measured in one go: their texts lie in the processor's cache then, as those of a
// request that has just been read do.
const batch = 512

// requests are made beforehand, so that making them does not count.
type requests []*entry

func makeRequests(n int) requests {
	list := make(requests, n)
	made := make(map[uint32]*entry)
	for i, number := range sequence(n, rand.New(rand.NewPCG(2, 3))) {
		e, ok := made[number]
		if !ok {
			e = &entry{token: tokenText(number), size: entrySize}
			made[number] = e
		}
		list[i] = e
	}
	return list
}

// window is the requests of a batch, each with a text of its own, which is not the entry's.
type window struct {
	list  requests
	texts [batch]string
	room  [batch * tokenSize]byte
}

// take copies the texts of the next batch. The texts before are gone then: no store may have kept them.
func (w *window) take(list requests) {
	w.list = list[:batch]
	for i, e := range w.list {
		text := w.room[i*tokenSize:][:tokenSize]
		copy(text, e.token)
		w.texts[i] = unsafe.String(&text[0], len(text))
	}
}

// measure compares all stores with one kind of key.
func measure[K comparable](k keying[K], all requests, o Options) []row {
	limit := bound{bytes: o.Capacity * entrySize, entries: o.Capacity}
	var rows []row
	var hits, mixed, parallel []timing.Contender
	var open []store[K]
	for _, m := range makers[K]() {
		r := row{store: m.name, byByte: m.byByte, overhead: overhead(m, k, limit)}
		before := settledGoroutines()
		s := m.make(limit, k.hash)
		r.hitRatio = hitRatio(s, k, all)
		r.goroutines = settledGoroutines() - before
		rows, open = append(rows, r), append(open, s)

		small := m.make(limit, k.hash)
		open = append(open, small)
		hits = append(hits, hitContender(m.name, small, k, all))
		mixed = append(mixed, trafficContender(m.name, s, k, all, 1))
		parallel = append(parallel, trafficContender(m.name, s, k, all, 2))
	}
	for i, result := range timing.Compare(o.Options, hits) {
		rows[i].hit = result
	}
	for i, result := range timing.Compare(o.Options, mixed) {
		rows[i].mixed = result
	}
	for i, result := range timing.Compare(o.Options, parallel) {
		rows[i].parallel = result
	}
	for _, s := range open {
		s.close()
	}
	return rows
}

// request looks a token up and puts it in where it is missing.
func request[K comparable](s store[K], k keying[K], text string, e *entry) (hit bool) {
	key := k.of(text)
	if found, ok := s.get(key); ok && k.matches(found, text) {
		return true
	}
	s.put(k.keep(key, e), e)
	return false
}

// hitRatio is of the second half of the traffic, when the store is full.
func hitRatio[K comparable](s store[K], k keying[K], all requests) float64 {
	hits := 0
	half := len(all) / 2
	for i, e := range all {
		if request(s, k, e.token, e) && i >= half {
			hits++
		}
	}
	return float64(hits) / float64(len(all)-half)
}

// hitContender asks for tokens that are all there.
func hitContender[K comparable](name string, s store[K], k keying[K], all requests) timing.Contender {
	var w window
	w.take(all)
	for _, e := range w.list {
		request(s, k, e.token, e)
	}
	return timing.Contender{Name: name, Batch: batch, Run: func() {
		for _, text := range w.texts {
			if _, ok := s.get(k.of(text)); !ok {
				panic("cachelib: a token that was put in is not there: " + name)
			}
		}
	}}
}

// trafficContender sends the traffic, each goroutine a part of its own.
func trafficContender[K comparable](name string, s store[K], k keying[K], all requests, goroutines int) timing.Contender {
	next := 0
	var w window
	return timing.Contender{
		Name: name, Batch: batch,
		Prepare: func() {
			if next+batch > len(all) {
				next = 0
			}
			w.take(all[next:])
			next += batch
		},
		Run: func() {
			if goroutines == 1 {
				run(s, k, &w, 0, batch)
				return
			}
			var done sync.WaitGroup
			part := batch / goroutines
			for g := range goroutines {
				done.Go(func() { run(s, k, &w, g*part, (g+1)*part) })
			}
			done.Wait()
		},
	}
}

func run[K comparable](s store[K], k keying[K], w *window, from, to int) {
	for i := from; i < to; i++ {
		request(s, k, w.texts[i], w.list[i])
	}
}

// overhead is what the store itself takes for an entry, when full. All entries are one, so that only the store counts;
// the text of a key that is text counts too.
func overhead[K comparable](m maker[K], k keying[K], limit bound) float64 {
	e := &entry{size: entrySize}
	before := heap()
	s := m.make(limit, k.hash)
	for i := range uint32(limit.entries * 3 / 2) {
		s.put(k.of(tokenText(i)), e)
	}
	n := s.length()
	after := heap()
	runtime.KeepAlive(s)
	s.close()
	return float64(after-before) / float64(n)
}

// settledGoroutines is how many there are once those that only tidy up have ended.
func settledGoroutines() int {
	time.Sleep(20 * time.Millisecond)
	return runtime.NumGoroutine()
}

// heap is what lives.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
