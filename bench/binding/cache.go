package binding

import (
	"fmt"
	"runtime"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/report"
)

// entryLeast is less than any verified token takes in the cache: so many tokens fill it.
const entryLeast = 400

// Cache fills the cache of verified tokens and compares what lives with its bound.
func Cache(o Options) report.Outcome {
	bytes := o.CacheBytes
	fmt.Fprintf(o.Progress, "cache: filling %s …\n", report.Size(float64(bytes)))
	rule := gate.OneRule("HS256")
	ring := new(gate.Ring)
	before := heap()
	f := gate.OursWithCache(bytes)
	a := gate.BindRules(f, []gate.Rule{rule})[0]
	tokens := 0
	for ; tokens < bytes/entryLeast && !o.Ended(); tokens += gate.Size {
		var texts [gate.Size + 1]string
		for i := range texts {
			texts[i] = rule.New()
		}
		for range 2 { // a token may be kept only when it comes again
			ring.Fill(func(i int) string { return texts[i] })
			for i := range gate.Size {
				if _, ok := a.GetUser(ring.At(i)); !ok {
					panic("binding: a good token is refused")
				}
			}
		}
	}
	taken := float64(heap() - before)
	runtime.KeepAlive(f)
	runtime.KeepAlive(a)
	runtime.KeepAlive(ring)
	t := report.Table{
		Title: "Memory of the cache of verified tokens",
		Note:  "What lives after a collection, once more distinct tokens than it has room for have come, each twice.",
		Head:  []string{"bound", "tokens sent", "taken", "taken ÷ bound"},
	}
	share := taken / float64(bytes)
	t.Add(report.Size(float64(bytes)), fmt.Sprint(tokens), report.Size(taken), report.Ratio(share))
	return report.Outcome{
		Tables: []report.Table{t},
		Figures: []report.Figure{
			report.AtMost("cache: memory taken ÷ bound", share, 1.1),
			report.AtLeast("cache: memory taken ÷ bound", share, 0.9),
		},
	}
}
