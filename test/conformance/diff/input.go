// Package diff asks other verifiers the same questions as ours, and knows why they answer otherwise: every
// disagreement is a fault of theirs with a name and a section of an RFC, or an error of the comparison.
package diff

import (
	"apinto-jwt/test/corpus"
)

// Input is one question: a token or a request, and the rule that judges it.
type Input struct {
	corpus.Case
	// Mutation says how the token was made of a good one; empty for a case of the corpus.
	Mutation string
}

// Outcome is a verifier's decision on an input.
type Outcome uint8

// The outcomes.
const (
	Refuses Outcome = iota
	Accepts
	Panics
)

// String returns the outcome as a word.
func (o Outcome) String() string { return [...]string{"refuses", "accepts", "panics"}[o] }

// verifier is another's code.
type verifier interface {
	// name is how it is called in the tables.
	name() string
	// has reports whether it can be configured as the rule is, and be asked the question.
	has(rule *settings, in Input) bool
	// judge is its outcome.
	judge(rule *settings, in Input) Outcome
}

// judge keeps a verifier's panic from ending the comparison.
func judge(v verifier, rule *settings, in Input) (o Outcome) {
	defer func() {
		if recover() != nil {
			o = Panics
		}
	}()
	return v.judge(rule, in)
}
