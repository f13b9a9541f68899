package explain

import (
	"strings"
	"testing"

	"apinto-jwt/drivers/internal/refused"
	"apinto-jwt/token"
)

// Every reason has a step, and a remedy of one sentence.
func TestEveryReasonHasARemedy(t *testing.T) {
	for _, reason := range token.Reasons() {
		text := remedies[reason]
		if !strings.HasSuffix(text, ".") || strings.Contains(text, ". ") || len(text) < 20 {
			t.Errorf("%s: %q is no sentence", reason, text)
		}
		if stepOf[reason] == "" {
			t.Errorf("%s is of no step", reason)
		}
	}
	if remedies[token.Accepted] != "" {
		t.Error("what is accepted needs no remedy")
	}
}

// What is told of a refusal that has happened: the steps before it were passed, and it is the last.
func TestRecorded(t *testing.T) {
	for _, reason := range token.Reasons() {
		report := Recorded(refused.Request{Reason: reason.String()}, 0)
		for i, s := range report.Steps {
			if last := i == len(report.Steps)-1; s.OK == last || last && s.Step != stepOf[reason] {
				t.Errorf("%s: step %d is %+v", reason, i, s)
			}
		}
	}
	for _, r := range []refused.Request{{Reason: "app_not_allowed"}, {Reason: "claim_missing", Filter: true}} {
		if report := Recorded(r, 0); report.Step != stepFilter || report.Reason != r.Reason || report.Remedy != filterRemedy || len(report.Steps) < 5 {
			t.Errorf("got %+v", report)
		}
	}
}
