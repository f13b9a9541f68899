package diff

import (
	"slices"
	"strings"

	"apinto-jwt/token"
)

// Fault is one thing that another verifier does otherwise, and why we do not.
type Fault struct {
	// Name says what the other does, as the end of a sentence that begins with its name.
	Name string
	// Who are the others.
	Who []string
	// Outcome is the decision that the fault causes.
	Outcome Outcome
	// Section is the section of the standard that forbids it.
	Section string
	// Choice tells that the RFCs leave it open, and that ours is a decision.
	Choice bool

	explains func(q *Question) bool
}

// The other verifiers.
const (
	builtin = "builtin"
	golang  = "golang-jwt v5"
	goJose  = "go-jose v4"
)

var (
	all       = []string{builtin, golang, goJose}
	libraries = []string{golang, goJose}
)

// fault returns the one that explains why another's outcome is not ours; nil for none that is known.
func fault(q *Question, who string, theirs Outcome) *Fault {
	for _, list := range [][]Fault{panics, wrongAccepts, wrongRefusals} {
		for i := range list {
			if f := &list[i]; f.Outcome == theirs && slices.Contains(f.Who, who) && f.explains(q) {
				return f
			}
		}
	}
	return nil
}

// Faults returns all that are known.
func Faults() []Fault { return slices.Concat(panics, wrongAccepts, wrongRefusals) }

// we explains a question that we refuse for the reason, in the part, with a detail that begins so.
func we(reason token.Reason, part, detail string) func(q *Question) bool {
	return func(q *Question) bool {
		return q.Ours != nil && q.Ours.Reason == reason && q.Ours.Part == part && strings.HasPrefix(q.Ours.Detail, detail)
	}
}

// oneOf explains what one of the list explains.
func oneOf(list ...func(q *Question) bool) func(q *Question) bool {
	return func(q *Question) bool {
		return slices.ContainsFunc(list, func(explains func(q *Question) bool) bool { return explains(q) })
	}
}

// listed reports whether the rule demands a time claim.
func (q *Question) listed(claim string) bool {
	return slices.Contains(q.settings.fields.ClaimsToVerify, claim)
}

// unlisted explains a refusal for a time claim that the rule does not list.
func unlisted(reason token.Reason, claim, detail string) func(q *Question) bool {
	ours := we(reason, "payload."+claim, detail)
	return func(q *Question) bool { return ours(q) && !q.listed(claim) }
}
