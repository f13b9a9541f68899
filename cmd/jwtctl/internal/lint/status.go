package lint

import (
	"encoding/json"
	"fmt"
	"time"

	"apinto-jwt/internal/printable"
)

// Gateway holds the answers of a running gateway.
type Gateway struct {
	Date  time.Time // Header "Date" of an answer; zero: none.
	Asked time.Time // This machine's time when it came.
	// Status is the answer of GET /apinto/jwt/status; nil: there is no such page.
	Status []byte
}

// state is the part of the status page that is looked at.
type state struct {
	Faults  uint64 `json:"internal_faults"`
	KeySets []struct {
		URL       string `json:"url"`
		Failures  int    `json:"failures"`
		LastError string `json:"last_error"`
	} `json:"key_sets"`
	Crowded []struct {
		Place     string `json:"place"`
		Algorithm string `json:"algorithm"`
		Issuer    string `json:"iss"`
		Keys      int    `json:"keys"`
		Tried     int    `json:"tried"`
	} `json:"crowded_rules"`
	Hints []struct {
		Text  string `json:"hint"`
		Count uint64 `json:"count"`
	} `json:"hints"`
}

// lookAtStatus looks at the gateway's own status page.
func lookAtStatus(in *Input, _ []*entry, r *reporter) {
	if in.Gateway == nil || in.Gateway.Status == nil {
		return
	}
	page := Document{ID: "gateway"}
	var s state
	if json.Unmarshal(in.Gateway.Status, &s) != nil {
		r.add(idUnreadable, page.at(""), "its status page is none of this driver's")
		return
	}
	if s.Faults > 0 {
		r.add(idFaults, page.at("internal_faults"), fmt.Sprintf("is %d", s.Faults))
	}
	for i, set := range s.KeySets {
		if set.Failures > 0 {
			r.add(idKeySetFails, page.at(fmt.Sprintf("key_sets[%d]", i)), fmt.Sprintf(
				"%s: %s, %d times in a row", printable.Text(set.URL), printable.Text(set.LastError), set.Failures))
		}
	}
	for i, rules := range s.Crowded {
		r.add(idTooManyRules, page.at(fmt.Sprintf("crowded_rules[%d]", i)), fmt.Sprintf(
			"%s tokens of %s at %s meet %d keys, of which about %d are tried", rules.Algorithm, issuerName(rules.Issuer), rules.Place, rules.Keys, rules.Tried))
	}
	for i, hint := range s.Hints {
		r.add(idTokensElsewhere, page.at(fmt.Sprintf("hints[%d]", i)), fmt.Sprintf("%s: %d times", hint.Text, hint.Count))
	}
}
