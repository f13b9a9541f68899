// Package binding measures what it takes to put applications in force, and what they and the cache of verified tokens
// take of memory.
package binding

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/eolinker/apinto/application/auth"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
)

// maxBytes is the memory that a bound application may take.
const maxBytes = 6 << 10

// driver is a contender.
type driver struct {
	name   string
	create func() auth.IAuthFactory
	time   map[int][]float64 // nanoseconds, by number of applications
}

// Options bound a run.
type Options struct {
	timing.Options
	Few, Many  int       // the numbers of applications that are compared
	CacheBytes int       // the bound of the cache that is filled
	Progress   io.Writer // gets a line now and then
}

// Run measures everything.
func Run(o Options) report.Outcome {
	drivers := []*driver{
		{name: "apinto-jwt", create: gate.Ours, time: make(map[int][]float64)},
		{name: "Apinto builtin", create: gate.Builtin, time: make(map[int][]float64)},
	}
	t := report.Table{
		Title: "Binding applications",
		Note: "Each with its own HS256 rule and one user, as the host does it when it loads them: twice Create and Check, then Set; without " +
			"reading their JSON. Memory: what lives after a collection, without the host's copy of the configuration.",
		Head: []string{
			"driver", report.Whole(o.Few) + " apps", report.Whole(o.Many) + " apps", report.Whole(o.Many) + " ÷ " + report.Whole(o.Few), "memory for each app",
		},
	}
	for round := range o.Rounds {
		fmt.Fprintf(o.Progress, "binding: round %d of %d …\n", round+1, o.Rounds)
		if o.Ended() {
			break
		}
		for _, d := range drivers {
			for _, n := range []int{o.Few, o.Many} {
				d.time[n] = append(d.time[n], bindingTime(d.create, n))
			}
		}
	}
	var outcome report.Outcome
	for i, d := range drivers {
		memory := memoryPerApp(d.create, o.Many)
		small, large := timing.Median(d.time[o.Few]), timing.Median(d.time[o.Many])
		t.Add(d.name, report.Nanos(small), report.Nanos(large), report.Ratio(large/small), report.Size(memory))
		if i == 0 {
			outcome.Figures = []report.Figure{
				report.AtMost("binding: "+report.Whole(o.Many)+" apps ÷ "+report.Whole(o.Few), large/small, 12),
				report.AtMost("memory for each bound app", memory/1024, maxBytes/1024).In(" KiB"),
			}
		}
	}
	outcome.Tables = []report.Table{t}
	outcome.Add(Cache(o))
	return outcome
}

// bindingTime binds n applications to a new driver.
func bindingTime(create func() auth.IAuthFactory, n int) float64 {
	f := create()
	entries := gate.Entries(f, gate.Rules(n, false))
	runtime.GC()
	begin := time.Now()
	bound := gate.Bind(f, entries)
	elapsed := time.Since(begin)
	runtime.KeepAlive(bound)
	return float64(elapsed.Nanoseconds())
}

// memoryPerApp returns the bytes that an application keeps alive.
func memoryPerApp(create func() auth.IAuthFactory, n int) float64 {
	before := heap()
	f := create()
	bound := gate.BindRules(f, gate.Rules(n, false))
	after := heap()
	runtime.KeepAlive(f)
	runtime.KeepAlive(bound)
	return float64(after-before) / float64(n)
}

// heap returns the bytes of live objects.
func heap() int64 {
	runtime.GC()
	runtime.GC() // pools are emptied in two steps
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below 2^63
}
