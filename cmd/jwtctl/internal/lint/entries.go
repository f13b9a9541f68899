package lint

import "strings"

// lookAtEntries notes what the driver itself finds in the entries that are in force.
func lookAtEntries(_ *Input, entries []*entry, r *reporter) {
	for _, e := range entries {
		for _, warning := range e.rule.Warnings {
			if !strings.HasSuffix(warning, shortSecretEnd) { // it has a finding of its own
				e.report(r, idDoubtful, warning)
			}
		}
		for _, fault := range e.users.Faults {
			e.report(r, idUserLeftOut, fault)
		}
		for _, warning := range e.users.Warnings {
			if !strings.HasPrefix(warning, "users: ") { // as above
				e.report(r, idDoubtful, warning)
			}
		}
	}
}

// report notes a text of the driver's, which begins with the field.
func (e *entry) report(r *reporter, id, text string) {
	field, what, found := strings.Cut(text, ": ")
	if !found {
		field, what = "config", text
	}
	r.add(id, e.at(field), what)
}
