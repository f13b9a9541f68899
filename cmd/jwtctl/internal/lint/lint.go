// Package lint finds what is wrong, or rarely meant, in a gateway's configuration of tokens. It reads nothing by itself: it is
// given what was read, and what was asked of the gateway and of issuers. A file of findings is about one theme, and the
// catalogue has them all.
package lint

import (
	"cmp"
	"slices"
	"time"

	"apinto-jwt/internal/printable"
)

// Input holds the configuration that is looked at.
type Input struct {
	Applications []Document
	Routers      []Document
	Templates    []Document
	Strategies   []Document
	// Plugins is the list of plugins as the gateway has it; nil: it is not known.
	Plugins []Plugin
	// Now is this machine's time.
	Now time.Time
	// Gateway has what a running gateway was asked; nil: it was not.
	Gateway *Gateway
	// Issuers are the answers of the addresses of key sets, by address; nil: they were not asked.
	Issuers map[string]Answer
}

// Document is a configuration as the admin API takes it.
type Document struct {
	ID   string // As the gateway has it, "shop@app".
	File string // Name of the file that it is from; empty: of none.
	Text []byte // JSON.
}

// Finding is one thing that is wrong, or rarely meant.
type Finding struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Object is what has the field, as "shop@app".
	Object string `json:"object"`
	// Entry names the entry of an application's "auth": place, algorithm and issuer.
	Entry string `json:"entry,omitempty"`
	// Field is the path of the field in the object. Empty: it is about the whole.
	Field string `json:"field"`
	// What is wrong. It shows no secret.
	What   string `json:"what"`
	Remedy string `json:"remedy"`
	// Page says more, relative to the project's root.
	Page string `json:"page"`
	File string `json:"file,omitempty"`
}

// Run returns the findings, the worst first.
func Run(in *Input) []Finding {
	r := &reporter{}
	entries := readEntries(in, r)
	for _, look := range []func(*Input, []*entry, *reporter){
		lookAtEntries, lookAtReach, lookAtRivals, lookAtSecrets, lookAtClaims, lookAtKeys, lookAtIssuers, lookAtPlugins,
		lookAtCache, lookAtClocks, lookAtStatus,
	} {
		look(in, entries, r)
	}
	slices.SortStableFunc(r.list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity.rank(), a.Severity.rank()), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Field, b.Field), cmp.Compare(a.ID, b.ID),
		)
	})
	return r.list
}

// reporter collects findings.
type reporter struct{ list []Finding }

// place is where a finding is.
type place struct{ object, entry, field, file string }

// at returns the place of a field of a document.
func (d Document) at(field string) place { return place{object: d.ID, field: field, file: d.File} }

// add notes a finding of the catalogue. What it says must not show a secret.
func (r *reporter) add(id string, p place, what string) {
	k := kindOf(id)
	r.list = append(r.list, Finding{
		ID: k.ID, Severity: k.Severity, Object: printable.Text(p.object), Entry: p.entry, Field: p.field, What: what,
		Remedy: k.Remedy, Page: k.page(), File: p.file,
	})
}
