package corpus

import (
	"maps"
	"slices"
	"testing"

	"apinto-jwt/token"
)

// The corpus says something only if it is large, if no row of the list of threats is missing, and if much of it must
// be accepted: a verifier that refuses everything would pass otherwise.
func TestWhole(t *testing.T) {
	classes, accepted := make(map[string]int), 0
	for _, c := range Cases() {
		classes[c.Class]++
		if c.Want == Accepted {
			accepted++
		}
	}
	if n := len(Cases()); n < 300 || accepted < 60 {
		t.Errorf("%d cases, %d of them to be accepted", n, accepted)
	}
	rows := []string{
		"alg none", "algorithm confusion", "algorithm pinning", "empty secret", "psychic signature", "ES encoding", "wrong curve", "RSA padding",
		"header keys", "crit", "b64", "zip, JWE, nested", "duplicates", "member case", "trailing data", "invalid UTF-8", "nesting, size, dots",
		"base64", "NumericDate", "types", "issuer", "HTTP",
	}
	for _, row := range rows {
		if classes[row] < 5 {
			t.Errorf("%q has %d cases", row, classes[row])
		}
	}
	t.Logf("%d cases, %d to be accepted, %d classes", len(Cases()), accepted, len(classes))
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		t.Logf("%5d %s", classes[name], name)
	}
}

// Every reason that a token alone can be refused for must be one that a case asks for.
func TestEveryReason(t *testing.T) {
	elsewhere := []token.Reason{ // what a token alone cannot bring about
		token.KeysUnavailable, token.TokenRevoked, token.AppDisabled, token.Internal,
	}
	wanted := make(map[string]bool)
	for _, c := range Cases() {
		wanted[c.Want] = true
	}
	for _, reason := range token.Reasons() {
		if !wanted[reason.String()] && !slices.Contains(elsewhere, reason) {
			t.Errorf("no case ends with %s", reason)
		}
	}
}
