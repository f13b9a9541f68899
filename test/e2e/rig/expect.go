package rig

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// ExpectFaults expects an answer of the admin API that names these faults, and shows no secret of the rule.
func ExpectFaults(t *testing.T, method string, err error, rule gateway.Rule, faults []string) {
	t.Helper()
	var refused *gateway.AdminError
	if !errors.As(err, &refused) {
		t.Errorf("%s: %v, want an error of the admin API", method, err)
		return
	}
	if refused.Status != http.StatusInternalServerError || !strings.HasPrefix(refused.Body, "invalid jwt ") { // as the README shows it
		t.Errorf("%s: status %d, %q", method, refused.Status, refused.Body)
	}
	for _, fault := range faults {
		if !strings.Contains(refused.Body, fault) {
			t.Errorf("%s: %q does not name %q", method, refused.Body, fault)
		}
	}
	if secret, ok := rule["secret"].(string); ok && len(secret) > 1 && strings.Contains(refused.Body, secret) {
		t.Errorf("%s: %q has the secret in it", method, refused.Body)
	}
}

// Equal compares two texts.
func Equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
