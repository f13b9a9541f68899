package main

import (
	"maps"
	"slices"
)

// sorted returns the names of a map in order: the corpus is the same every time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
