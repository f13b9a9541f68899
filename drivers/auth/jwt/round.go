package jwt

import "slices"

// round finds out which rules an application has, from what the host says.
//
// When an application's configuration changes, the host makes and checks all its authenticators, then sets them; but
// it does not call Del for a rule that the new configuration no longer has (drivers/app/manager overwrites its list
// before it compares the old one with it). Tokens under the old rule would be accepted for ever. So the first Set
// after a Check is taken for the beginning of a new configuration, whose rules are those that were checked for it.
//
// A configuration that failed half-way leaves checks without a Set. Those are told from the next one's by the mark:
// the address of the first user, which Check and Set of one configuration have in common.
//
// What the new configuration no longer has is dropped when all it has is set, so that an entry which only changes is
// never missing in between.
type round struct {
	rules     map[string]bool // in force
	former    []string        // of earlier configurations, the latest last
	announced []announcement
	awaited   map[string]bool // rules of the new configuration that are still to be set
	outgoing  []string        // rules that it no longer has
}

// announcement is a rule that was checked.
type announcement struct {
	rule string
	mark any
}

// maxAnnounced bounds what checks without a Set leave behind; maxFormer the rules that are remembered.
const (
	maxAnnounced = 4096
	maxFormer    = 64
)

func newRound() *round {
	return &round{rules: make(map[string]bool)}
}

// announce notes a rule that was checked.
func (r *round) announce(ruleID string, mark any) {
	if len(r.announced) >= maxAnnounced {
		r.announced = append(r.announced[:0], r.announced[maxAnnounced/2:]...)
	}
	r.announced = append(r.announced, announcement{ruleID, mark})
}

// bind notes a rule that was set, and returns the rules that the application has lost for good.
func (r *round) bind(ruleID string, mark any) (lost []string) {
	if len(r.announced) > 0 {
		lost = r.outgoing // of a configuration that was never set whole
		r.begin(r.configuration(ruleID, mark))
	}
	r.rules[ruleID] = true
	r.former = slices.DeleteFunc(r.former, func(id string) bool { return id == ruleID })
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
			r.retire(id)
		}
	}
}

// configuration is the rules that were checked together with this one.
func (r *round) configuration(ruleID string, mark any) map[string]bool {
	expected := map[string]bool{ruleID: true}
	for _, a := range r.announced[r.beginning(ruleID, mark):] {
		expected[a.rule] = true
	}
	return expected
}

// beginning is where the configuration of which this rule is set first begins: where the rule was checked with the mark,
// or before that without one, as the host puts the users of entries with the same rule together.
func (r *round) beginning(ruleID string, mark any) int {
	first := 0
	for i, a := range r.announced {
		if a.rule != ruleID {
			continue
		}
		first = i // without a mark: the last time it was checked
		if mark != nil && a.mark == mark {
			break
		}
	}
	for i := first - 1; mark != nil && i >= 0; i-- {
		if a := r.announced[i]; a.rule == ruleID {
			if a.mark == nil {
				return i
			}
			break
		}
	}
	return first
}

// retire moves a rule to the former ones.
func (r *round) retire(id string) {
	delete(r.rules, id)
	if r.former = append(r.former, id); len(r.former) > maxFormer {
		r.former = slices.Delete(r.former, 0, 1)
	}
}

// leave notes that the host has ended a rule, and returns the rules that go with it; gone tells that the application
// has none left.
func (r *round) leave(ruleID string) (lost []string, gone bool) {
	delete(r.rules, ruleID)
	lost, r.outgoing = append(r.outgoing, ruleID), nil
	return lost, len(r.rules) == 0
}
