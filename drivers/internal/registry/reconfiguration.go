package registry

import (
	"maps"
	"slices"
)

// reconfiguration finds out which rules an application has, from what the host says.
//
// When an application's configuration changes, the host makes and checks all its authenticators, then sets them; but
// it does not call Del for a rule that the new configuration no longer has (drivers/app/manager overwrites its list
// before it compares the old one with it). Tokens under the old rule would be accepted for ever. So the first Set
// after a Check is taken for the beginning of a new configuration, whose rules are those that were checked for it.
//
// A configuration that failed half-way leaves checks without a Set. Checks are numbered, so that those of the next one are
// told from them: each entry is checked and set by an authenticator of its own, which knows its number.
//
// What the new configuration no longer has is dropped when all it has is set, so that an entry which only changes is
// never missing in between.
type reconfiguration struct {
	rules   map[string]bool // in force
	checked []check
	pending map[string]bool // rules of the new configuration that are still to be set
	stale   []string        // rules that it no longer has
}

// check is a rule that was checked, with the number of the check.
type check struct {
	rule   string
	number uint64
}

// maxChecks bounds what checks without a Set leave behind.
const maxChecks = 4096

func newReconfiguration() *reconfiguration {
	return &reconfiguration{rules: make(map[string]bool)}
}

// recordCheck notes a rule that was checked. Numbers grow.
func (r *reconfiguration) recordCheck(ruleID string, number uint64) {
	if len(r.checked) >= maxChecks {
		r.checked = append(r.checked[:0], r.checked[maxChecks/2:]...)
	}
	r.checked = append(r.checked, check{ruleID, number})
}

// bind notes that a rule was set which was checked under this number, and returns the rules that the application has lost
// for good.
func (r *reconfiguration) bind(ruleID string, number uint64) (lost []string) {
	if len(r.checked) > 0 {
		lost = r.stale // of a configuration that was never set whole
		r.begin(r.configuration(ruleID, number))
	}
	r.rules[ruleID] = true
	delete(r.pending, ruleID)
	if len(r.pending) == 0 {
		lost, r.stale = append(lost, r.stale...), nil
	}
	return slices.DeleteFunc(lost, func(id string) bool { return r.rules[id] })
}

// begin starts a new configuration.
func (r *reconfiguration) begin(expected map[string]bool) {
	r.checked, r.stale, r.pending = nil, nil, expected
	for id := range r.rules {
		if !expected[id] {
			r.stale = append(r.stale, id)
			delete(r.rules, id)
		}
	}
}

// configuration is this rule and those that were checked after it: it is the first of its configuration that is set.
func (r *reconfiguration) configuration(ruleID string, number uint64) map[string]bool {
	expected := map[string]bool{ruleID: true}
	for _, a := range r.checked {
		if a.number >= number {
			expected[a.rule] = true
		}
	}
	return expected
}

// all is the rules that the application has, and those that it is about to lose.
func (r *reconfiguration) all() []string {
	return slices.AppendSeq(r.stale, maps.Keys(r.rules))
}
