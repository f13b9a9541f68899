package mcp

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// All is the pattern that every name matches.
const All = "*"

// Patterns maps names to values. A pattern is a name, or has one asterisk that stands for any text.
type Patterns[T any] struct {
	exact map[string]T
	wild  []wildcard[T] // The most specific first.
}

// wildcard is a pattern with an asterisk.
type wildcard[T any] struct {
	before, after string
	value         T
}

// errPattern says what a pattern may be.
var errPattern = errors.New(`is not a pattern: a name, or one with a single * for any text, as "get_*"`)

// Add adds a pattern.
func (p *Patterns[T]) Add(pattern string, value T) error {
	before, after, wild := strings.Cut(pattern, All)
	switch {
	case pattern == "" || strings.Contains(after, All):
		return errPattern
	case !wild:
		if p.exact == nil {
			p.exact = make(map[string]T)
		}
		p.exact[pattern] = value
		return nil
	}
	p.wild = append(p.wild, wildcard[T]{before, after, value})
	slices.SortFunc(p.wild, func(a, b wildcard[T]) int {
		return cmp.Or(
			cmp.Compare(len(b.before)+len(b.after), len(a.before)+len(a.after)), cmp.Compare(len(b.before), len(a.before)),
			strings.Compare(a.before, b.before), strings.Compare(a.after, b.after),
		)
	})
	return nil
}

// Find returns the value of the most specific pattern that the name matches: the name itself, else that with the most
// characters beside the asterisk, else of two that with the most before it.
func (p *Patterns[T]) Find(name string) (value T, ok bool) {
	if value, ok = p.exact[name]; ok {
		return value, true
	}
	for i := range p.wild {
		w := &p.wild[i]
		if len(name) >= len(w.before)+len(w.after) && strings.HasPrefix(name, w.before) && strings.HasSuffix(name, w.after) {
			return w.value, true
		}
	}
	return value, false
}

// FindURI is [Patterns.Find] for the URI of a resource. One that is not in its plain form is found by itself alone, or
// by "*" if there is no other pattern: what it would be taken for is the server's to say.
func (p *Patterns[T]) FindURI(uri string) (value T, ok bool) {
	if value, ok = p.exact[uri]; ok {
		return value, true
	}
	if everything := len(p.exact) == 0 && len(p.wild) == 1 && p.wild[0].before+p.wild[0].after == ""; !everything && !plain(uri) {
		return value, false
	}
	return p.Find(uri)
}
