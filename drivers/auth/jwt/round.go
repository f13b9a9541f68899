package jwt

import (
	"maps"
	"slices"
)

// round finds out which rules an application has, from what the host says.
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
type round struct {
	rules     map[string]bool // in force
	announced []announcement
	awaited   map[string]bool // rules of the new configuration that are still to be set
	outgoing  []string        // rules that it no longer has
}

// announcement is a rule that was checked, with the number of the check.
type announcement struct {
	rule   string
	number uint64
}

// maxAnnounced bounds what checks without a Set leave behind.
const maxAnnounced = 4096

func newRound() *round {
	return &round{rules: make(map[string]bool)}
}

// announce notes a rule that was checked. Numbers grow.
func (r *round) announce(ruleID string, number uint64) {
	if len(r.announced) >= maxAnnounced {
		r.announced = append(r.announced[:0], r.announced[maxAnnounced/2:]...)
	}
	r.announced = append(r.announced, announcement{ruleID, number})
}

// bind notes that a rule was set which was checked under this number, and returns the rules that the application has lost
// for good.
func (r *round) bind(ruleID string, number uint64) (lost []string) {
	if len(r.announced) > 0 {
		lost = r.outgoing // of a configuration that was never set whole
		r.begin(r.configuration(ruleID, number))
	}
	r.rules[ruleID] = true
	delete(r.awaited, ruleID)
	if len(r.awaited) == 0 {
		lost, r.outgoing = append(lost, r.outgoing...), nil
	}
	return slices.DeleteFunc(lost, func(id string) bool { return r.rules[id] })
}

// begin starts a new configuration.
func (r *round) begin(expected map[string]bool) {
	r.announced, r.outgoing, r.awaited = nil, nil, expected
	for id := range r.rules {
		if !expected[id] {
			r.outgoing = append(r.outgoing, id)
			delete(r.rules, id)
		}
	}
}

// configuration is this rule and those that were checked after it: it is the first of its configuration that is set.
func (r *round) configuration(ruleID string, number uint64) map[string]bool {
	expected := map[string]bool{ruleID: true}
	for _, a := range r.announced {
		if a.number >= number {
			expected[a.rule] = true
		}
	}
	return expected
}

// all is the rules that the application has, and those that it is about to lose.
func (r *round) all() []string {
	return slices.AppendSeq(r.outgoing, maps.Keys(r.rules))
}
