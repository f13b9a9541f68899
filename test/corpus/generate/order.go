package main

import (
	"iter"
	"maps"
	"slices"
)

// sorted returns the names of a map in order: the corpus is the same every time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// ordered ranges over a map in the order of its keys.
func ordered[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range sorted(m) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
