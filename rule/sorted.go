package rule

import (
	"maps"
	"slices"
)

// sortedKeys returns the keys of a map in order, so that the same configuration always does the same.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
