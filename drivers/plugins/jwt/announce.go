package jwt

import (
	"runtime"
	"strings"
	"time"

	"github.com/eolinker/eosc/log"
)

// settle is when filters are gone that a saved configuration has replaced.
const settle = 10 * time.Second

// announce tells the driver what others may ask for of a policy: its resource, and the key of the upstream's tokens. Filters that
// describe the resource in another way are told of later: one of them may be the one that this filter replaces.
func (g *gate) announce(p *policy) {
	g.publish(p.minter)
	if p.resource.Metadata == nil {
		return
	}
	g.driver.Resources().Add(p.resource.Metadata)
	if g.settling.CompareAndSwap(false, true) {
		time.AfterFunc(settle, g.tellContradictions)
	}
}

// tellContradictions writes a line into the log for each resource that filters in force describe in different ways.
func (g *gate) tellContradictions() {
	defer func() {
		if r := recover(); r != nil {
			g.driver.Faults().Stopped("the filters' resources")
		}
	}()
	g.settling.Store(false)
	table := g.driver.Resources()
	if len(table.Contradictions()) == 0 {
		return
	}
	runtime.GC() // replaced filters are in the table until they are collected
	if names := table.Contradictions(); len(names) > 0 {
		log.Warnf("[jwt] filters describe one resource in different ways; its metadata is that of the newest: %s", strings.Join(names, ", "))
	}
}
