package diff

import (
	"errors"
	"fmt"
	"time"

	"apinto-jwt/test/corpus"
	"apinto-jwt/token"
)

// Question is an input with our answer.
type Question struct {
	Input
	settings *settings
	// Ours is nil if we accept, else why not; Named is whom an accepted token names.
	Ours  *token.Error
	Named string
	// header and payload are the token's first parts as a lenient reader decodes them.
	header, payload part
}

// Answer is one verifier's answer to one question.
type Answer struct {
	Question
	// Who said it, and what.
	Who    string
	Theirs Outcome
	// Fault explains why the answer differs from ours; nil if it does not, or if no fault is known.
	Fault *Fault
}

// Agrees reports whether the answer is ours.
func (a *Answer) Agrees() bool {
	return a.Theirs == Accepts && a.Ours == nil || a.Theirs == Refuses && a.Ours != nil
}

// String shows it to people.
func (a *Answer) String() string {
	return fmt.Sprintf("%s %s, we: %v\n\t%s (rule %s)\n\theader %q\n\tpayload %q\n\t%.400q%.300q",
		a.Who, a.Theirs, reason(a.Ours), a.Name, a.Rule, a.header.text, a.payload.text, a.Token, a.Request)
}

func reason(err *token.Error) string {
	if err == nil {
		return "accepted"
	}
	return err.Error()
}

// Run asks every verifier about the corpus and about mutations of its good tokens, so many rounds of them. The error is a
// fault of the corpus.
func Run(rounds int) ([]Answer, error) {
	rules, err := load()
	if err != nil {
		return nil, err
	}
	var inputs []Input
	for _, c := range corpus.Cases() {
		inputs = append(inputs, Input{Case: c})
	}
	inputs = append(inputs, mutations(rounds)...)
	var answers []Answer
	us := newOurs()
	for _, v := range []verifier{newBuiltin(), golangJWT{}, goJOSE{}} {
		for _, in := range inputs {
			rule := rules[in.Rule]
			if !v.has(rule, in) {
				continue
			}
			q := Question{Input: in, settings: rule, header: read(in.Token, 0), payload: read(in.Token, 1)}
			q.Named, q.Ours = ours(us, v, rule, in)
			a := Answer{Question: q, Who: v.name(), Theirs: judge(v, rule, in)}
			if !a.Agrees() {
				a.Fault = fault(&q, a.Who, a.Theirs)
			}
			answers = append(answers, a)
		}
	}
	return answers, nil
}

// ours is our verdict on a question that the other is asked: a library knows no users, and the builtin no other time
// than now.
func ours(us *driver, v verifier, rule *settings, in Input) (user string, refusal *token.Error) {
	_, gateway := v.(*driver)
	if in.Request != "" {
		o, answer := us.ask(rule, in)
		if o == Accepts {
			return answer, nil
		}
		return "", reasonOf(answer)
	}
	at := corpus.Now
	if gateway {
		at = time.Now()
	}
	user, err := rule.rule.Walk(in.Token, at)
	if errors.As(err, &refusal) && !gateway && refusal.Reason >= token.UserMissing && refusal.Reason <= token.UserUnknown {
		return "", nil
	}
	return user, refusal
}

// reasonOf returns the error that a label stands for.
func reasonOf(label string) *token.Error {
	for _, reason := range token.Reasons() {
		if reason.String() == label {
			return &token.Error{Reason: reason, Offset: -1}
		}
	}
	return &token.Error{Reason: token.TokenMissing, Offset: -1}
}
