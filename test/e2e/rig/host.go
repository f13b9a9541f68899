package rig

import (
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// Edited reports whether a gateway stands on the edited host (docs/host.md). The
// tests of an edit hold what the stock host does too: a new version of it may
// have mended the fault, and then the edit has to go.
func Edited(t *testing.T, node *gateway.Node) bool {
	t.Helper()
	out, err := node.Command(t.Context(), "version")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(out, "host: edited (")
}
