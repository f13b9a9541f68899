package registry

import (
	"cmp"
	"slices"

	"github.com/eolinker/eosc/log"
)

// Warning is a doubt about an entry that is in force.
type Warning struct {
	Application string `json:"application"`
	Entry       string `json:"entry"`
	Text        string `json:"warning"`
}

// Aside is an entry that is set aside.
type Aside struct {
	Application string   `json:"application"`
	Entry       string   `json:"entry"`
	Faults      []string `json:"faults"`
}

// setWarnings notes the warnings about an application's users under a rule, and logs those that are new.
func (g *Registry) setWarnings(b *Binding, appID string, warnings []string) {
	for _, text := range warnings {
		if !g.Silent && !slices.Contains(b.warnings[appID], text) {
			log.Warnf("[jwt] application %s: the entry (%s): %s", appID, b.Rule.Entry, text)
		}
	}
	if b.warnings == nil {
		b.warnings = make(map[string][]string)
	}
	b.warnings[appID] = warnings
}

// Remarks are the warnings about the entries in force and the entries that are set aside, by application.
func (g *Registry) Remarks() (warnings []Warning, asides []Aside) {
	warnings, asides = []Warning{}, []Aside{}
	g.mu.Lock()
	for _, b := range g.bindings {
		for appID := range b.apps {
			if !b.Rule.InForce() {
				asides = append(asides, Aside{appID, b.Rule.Entry, b.Rule.Aside})
				continue
			}
			for _, text := range slices.Concat(b.Rule.Warnings, b.warnings[appID]) {
				warnings = append(warnings, Warning{appID, b.Rule.Entry, text})
			}
		}
	}
	g.mu.Unlock()
	slices.SortFunc(warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Text, b.Text))
	})
	slices.SortFunc(asides, func(a, b Aside) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Entry, b.Entry), slices.Compare(a.Faults, b.Faults))
	})
	return warnings, asides
}
