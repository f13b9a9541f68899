package jwttoken

import (
	"strings"
	"testing"
)

// Endpoints that give out tokens with one store and end them with another are warned of; those that have the same one,
// or do neither, are not.
func TestPlacements(t *testing.T) {
	p := &placements{list: map[string]placement{}}
	for _, tt := range []struct {
		id     string
		placed placement
		warns  bool
	}{
		{"t", placement{"token", "a@output"}, false},
		{"i", placement{"introspect", "b@output"}, false},
		{"r", placement{"revoke", "a@output"}, false},
		{"r", placement{"revoke", ""}, true},
		{"t", placement{"token", ""}, false},
		{"t2", placement{"token", "b@output"}, true},
		{"r2", placement{"revoke", "b@output"}, false},
	} {
		p.list[tt.id] = tt.placed
		warning := p.contradiction(tt.placed)
		if (warning != "") != tt.warns || tt.warns && !strings.HasPrefix(warning, "cache: ") {
			t.Errorf("%s %v: %q", tt.id, tt.placed, warning)
		}
	}
}
