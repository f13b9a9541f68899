package jwt

import (
	"cmp"
	"slices"

	"github.com/eolinker/eosc/log"
)

// warning is a doubt about an entry that is in force.
type warning struct {
	Application string `json:"application"`
	Entry       string `json:"entry"`
	Text        string `json:"warning"`
}

// aside is an entry that is set aside.
type aside struct {
	Application string   `json:"application"`
	Entry       string   `json:"entry"`
	Faults      []string `json:"faults"`
}

// setWarnings notes the warnings about an application's users under a rule, and logs those that are new.
func (g *registry) setWarnings(b *binding, appID string, warnings []string) {
	for _, text := range warnings {
		if !g.silent && !slices.Contains(b.warnings[appID], text) {
			log.Warnf("[jwt] application %s: the entry (%s): %s", appID, b.rule.Entry, text)
		}
	}
	if b.warnings == nil {
		b.warnings = make(map[string][]string)
	}
	b.warnings[appID] = warnings
}

// remarks are the warnings about the entries in force and the entries that are set aside, by application.
func (g *registry) remarks() (warnings []warning, asides []aside) {
	warnings, asides = []warning{}, []aside{}
	g.mu.Lock()
	for _, b := range g.bindings {
		for appID := range b.apps {
			if !b.rule.InForce() {
				asides = append(asides, aside{appID, b.rule.Entry, b.rule.Aside})
				continue
			}
			for _, text := range slices.Concat(b.rule.Warnings, b.warnings[appID]) {
				warnings = append(warnings, warning{appID, b.rule.Entry, text})
			}
		}
	}
	g.mu.Unlock()
	slices.SortFunc(warnings, func(a, b warning) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Text, b.Text))
	})
	slices.SortFunc(asides, func(a, b aside) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Entry, b.Entry), slices.Compare(a.Faults, b.Faults))
	})
	return warnings, asides
}
