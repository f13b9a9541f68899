package token_test

import (
	"testing"

	"apinto-jwt/token"
)

// The names are stable, and so is their order, which is the order of the walk.
func TestReasons(t *testing.T) {
	want := []string{
		"token_missing", "token_malformed", "token_too_large", "algorithm_not_allowed", "type_not_allowed", "critical_unknown", "issuer_mismatch",
		"key_unknown", "keys_unavailable", "signature_invalid", "token_expired", "token_not_yet_valid", "lifetime_too_long", "audience_mismatch",
		"claim_missing", "claim_mismatch", "token_revoked", "user_missing", "user_unknown", "user_expired", "app_disabled", "internal",
	}
	list := token.Reasons()
	if len(list) != len(want) {
		t.Fatalf("got %v", list)
	}
	for i, reason := range list {
		if reason.String() != want[i] {
			t.Errorf("%d is %s, want %s", i, reason, want[i])
		}
		if reason.Further(reason) || i > 0 && (!reason.Further(list[i-1]) || list[i-1].Further(reason)) {
			t.Errorf("%s is not further than the one before", reason)
		}
	}
	if token.Accepted.String() != "accepted" || token.Reason(255).String() != "internal" {
		t.Error("names of what is no refusal")
	}
}
