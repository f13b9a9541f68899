package cachelib

import (
	"fmt"

	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
)

// keyTable is what making the key alone costs.
func keyTable(all requests, o timing.Options) report.Table {
	var w window
	w.take(all)
	var sink uint64
	results := timing.Compare(o, []timing.Contender{
		{Name: byHash.name, Batch: batch, Run: func() {
			for i, text := range w.texts {
				sink += byHash.of(text)
				if !byHash.matches(w.list[i], text) {
					panic("cachelib: a token differs from itself")
				}
			}
		}},
		{Name: byDigest.name, Batch: batch, Run: func() {
			for _, text := range w.texts {
				digest := byDigest.of(text)
				sink += uint64(digest[0])
			}
		}},
	})
	_ = sink
	t := report.Table{
		Title: "Making the key",
		Note:  fmt.Sprintf("Of a token of %d bytes; the first with the comparison of the text that it needs.", tokenSize),
		Head:  []string{"key", "time", "against the first"},
	}
	for _, r := range results {
		t.Add(r.Name, report.Nanos(r.Median()), report.Ratio(r.Median()/results[0].Median()))
	}
	return t
}

// table shows the stores with one kind of key.
func table(key string, capacity int, rows []row) report.Table {
	t := report.Table{
		Title: "Key: " + key,
		Note: fmt.Sprintf("Times include making the key. Ratios are against the first row. Traffic: %d tokens by Zipf(%.2f), "+
			"1 of 10 requests with a token that never comes again, room for %d entries of %d bytes. Two goroutines: time on "+
			"the wall for each request of both.", tokens, zipfS, capacity, entrySize),
		Head: []string{
			"store", "bound", "hit", "", "allocs", "traffic", "", "allocs", "2 goroutines", "", "hit ratio",
			"memory/entry", "lasting goroutines",
		},
	}
	for _, r := range rows {
		limit := "entries"
		if r.byByte {
			limit = "bytes"
		}
		t.Add(
			r.store, limit,
			report.Nanos(r.hit.Median()), report.Ratio(r.hit.Median()/rows[0].hit.Median()), report.Count(r.hit.Allocs),
			report.Nanos(r.mixed.Median()), report.Ratio(r.mixed.Median()/rows[0].mixed.Median()), report.Count(r.mixed.Allocs),
			report.Nanos(r.parallel.Median()), report.Ratio(r.parallel.Median()/rows[0].parallel.Median()),
			report.Percent(r.hitRatio), report.Size(r.overhead), fmt.Sprint(r.goroutines),
		)
	}
	return t
}
