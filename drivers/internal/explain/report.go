// Package explain says why a token is accepted or refused, by the very walk of a request (package authn): where the token was
// looked for, how far each rule came with it, which rule nearly accepts it, and what to do. It changes nothing.
//
// What it shows of a token is what rules look at. It never shows a token, a secret or a key.
package explain

import (
	"time"

	"apinto-jwt/drivers/internal/refused"
	"apinto-jwt/token"
)

// Report is the answer.
type Report struct {
	Accepted    bool      `json:"accepted"`
	Reason      string    `json:"reason"`
	Step        string    `json:"step"` // At which it was refused.
	At          time.Time `json:"at"`   // When it is judged.
	Fingerprint string    `json:"fingerprint,omitempty"`
	Application string    `json:"application,omitempty"`
	User        string    `json:"user,omitempty"`
	Steps       []Step    `json:"steps"`
	// MoreRules is how many rules came less far than those that are shown.
	MoreRules int    `json:"more_rules,omitempty"`
	NearMiss  string `json:"near_miss,omitempty"`
	Remedy    string `json:"remedy,omitempty"`
	// Recorded is the refusal that was asked for, as it happened. Before is how many more there were like it.
	Recorded *refused.Request `json:"recorded,omitempty"`
	Before   int              `json:"before,omitempty"`
}

// Step is one step of the walk.
type Step struct {
	Step        string `json:"step"`
	OK          bool   `json:"ok"`
	Reason      string `json:"reason,omitempty"` // Of a step that refuses.
	Rule        string `json:"rule,omitempty"`   // Name of the entry; empty for steps that are the same for all rules.
	Application string `json:"application,omitempty"`
	Detail      string `json:"detail"`
	Found       string `json:"found,omitempty"`
	Wanted      string `json:"wanted,omitempty"`
}

// newReport is a report of what came of a token.
func newReport(reason token.Reason, at time.Time) *Report {
	return &Report{
		Accepted: reason == token.Accepted, Reason: reason.String(), Step: stepOf[reason], At: at,
		Steps: []Step{}, Remedy: remedies[reason],
	}
}
