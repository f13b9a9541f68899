package registry

import (
	"cmp"
	"slices"
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
			if b.anyUsers.byApp[appID] == nil {
				continue
			}
			if other := g.rival(b.Rule, appID, maxCompared); other != "" {
				warnings = append(warnings, Warning{appID, b.Rule.Entry, "users: " + shared(appID, other)})
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
