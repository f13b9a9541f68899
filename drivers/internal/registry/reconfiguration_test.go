package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Each step is one call of the host: "check r n" or "set r n", with r a rule and n the number of its check; then, behind a
// dash, the rules that are dropped.
func TestRound(t *testing.T) {
	tests := []struct {
		name  string
		steps string
		rules string // in force at the end
	}{
		{"one rule", "check a 1; set a 1", "a"},
		{"created: checked twice", "check a 1; check b 2; check a 3; check b 4; set a 3; set b 4", "a b"},
		{"replaced", "check a 1; set a 1; check b 2; set b 2 - a", "b"},
		{"one of two replaced", "check a 1; check b 2; set a 1; set b 2; check a 3; check c 4; set a 3; set c 4 - b", "a c"},
		{"the first of two replaced", "check a 1; check b 2; set a 1; set b 2; check c 3; check b 4; set c 3; set b 4 - a", "b c"},
		{"one removed", "check a 1; check b 2; set a 1; set b 2; check b 3; set b 3 - a", "b"},
		{"failed, then another", "check a 1; set a 1; check b 2; check c 3; set c 3 - a", "c"},
		{"failed, then the same rule with other users", "check a 1; set a 1; check b 2; check c 3; check b 4; set b 4 - a", "b"},
		{"failed, then a part of it", "check a 1; set a 1; check b 2; check a 3; check b 4; set b 4 - a", "b"},
		{"failed with a rule that is then removed, beside a rule in two entries", "check a 1; check x 2; set a 1; set x 2; check a 3; check x 4; check a 5; check b 6; check a 7; set a 5; set b 6 - x; set a 7", "a b"},
		{"back again", "check a 1; set a 1; check b 2; set b 2 - a; check a 3; set a 3 - b", "a"},
		{"a rule in two entries", "check a 1; check a 2; check b 3; set a 1; set a 2; set b 3", "a b"},
		{"users changed", "check a 1; set a 1; check a 2; set a 2", "a"},
		{"swapped in order", "check a 1; check b 2; set a 1; set b 2; check b 3; check a 4; set b 3; set a 4", "a b"},
		{"never set whole", "check a 1; set a 1; check b 2; check c 3; set b 2; check d 4; set d 4 - a b", "d"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newReconfiguration()
			for i, step := range strings.Split(test.steps, "; ") {
				call, want, _ := strings.Cut(step, " - ")
				lost := apply(r, call)
				slices.Sort(lost)
				if got := strings.Join(slices.Compact(lost), " "); got != want {
					t.Errorf("step %d, %s: lost %q, want %q", i+1, call, got, want)
				}
			}
			if got := strings.Join(slices.Sorted(maps.Keys(r.rules)), " "); got != test.rules {
				t.Errorf("in force: %q, want %q", got, test.rules)
			}
		})
	}
}

// apply does one step.
func apply(r *reconfiguration, call string) (lost []string) {
	var what, rule string
	var number uint64
	if _, err := fmt.Sscan(call, &what, &rule, &number); err != nil {
		panic(err)
	}
	if what == "check" {
		r.recordCheck(rule, number)
		return nil
	}
	return r.bind(rule, number)
}

// An entry that a new configuration still has is at no moment without its rule.
func TestRoundKeepsWhatStays(t *testing.T) {
	for name, calls := range map[string][]string{
		"one rule":  {"check a 1", "set a 1"},
		"two rules": {"check a 1", "check b 2", "set a 1", "set b 2"},
		"a rule in two entries": {
			"check a 1", "check b 2", "check a 3", "set a 1", "set b 2", "set a 3",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReconfiguration()
			for range 3 {
				for _, call := range calls {
					if lost := apply(r, call); len(lost) > 0 {
						t.Errorf("%s drops %q", call, lost)
					}
				}
			}
		})
	}
}

// What failed configurations leave behind is bounded, and does not confuse the next good one.
func TestManyFailedConfigurations(t *testing.T) {
	r := newReconfiguration()
	apply(r, "check a 1")
	apply(r, "set a 1")
	for i := range 3 * maxChecks {
		apply(r, fmt.Sprintf("check f%d %d", i, i+2))
	}
	if len(r.checked) > maxChecks {
		t.Errorf("%d checks are remembered", len(r.checked))
	}
	next := 3*maxChecks + 2
	apply(r, fmt.Sprint("check b ", next))
	if lost := apply(r, fmt.Sprint("set b ", next)); !slices.Equal(lost, []string{"a"}) {
		t.Errorf("lost %q", lost)
	}
	if len(r.checked) != 0 || len(r.pending) != 0 {
		t.Errorf("left behind: %d checks, %d awaited", len(r.checked), len(r.pending))
	}
}

// More rules than checks are remembered.
func TestManyRules(t *testing.T) {
	r := newReconfiguration()
	const many = maxChecks + 1000
	for range 2 {
		for i := range many {
			apply(r, fmt.Sprintf("check r%d %d", i, i))
		}
		for i := range many {
			if lost := apply(r, fmt.Sprintf("set r%d %d", i, i)); len(lost) > 0 {
				t.Fatalf("lost %d rules that stay", len(lost))
			}
		}
		if len(r.rules) != many {
			t.Fatalf("%d rules, want %d", len(r.rules), many)
		}
	}
}

// What an application loses when it ends includes what a configuration that was never set whole has left, and nothing that
// was only checked.
func TestAllRulesOfARound(t *testing.T) {
	both := []string{"check a 1", "check b 2", "set a 1", "set b 2"}
	for name, test := range map[string]struct {
		calls []string
		want  string
	}{
		"set whole":       {both, "a b"},
		"failed":          {append(slices.Clip(both), "check c 3"), "a b"},
		"never set whole": {append(slices.Clip(both), "check b 3", "check c 4", "check d 5", "set c 4"), "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReconfiguration()
			for _, call := range test.calls {
				apply(r, call)
			}
			if got := strings.Join(slices.Sorted(slices.Values(r.all())), " "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
