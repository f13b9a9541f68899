package e2e

import (
	"context"
	"testing"
	"time"
)

// expectLogged waits for the access log's entry of this answer and compares
// these of its fields. An empty value is a label that was not set.
func (e *env) expectLogged(t *testing.T, got answer, want map[string]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	entry, err := e.node.AccessEntry(ctx, e.log, "uri", got.path)
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range want {
		if entry[field] != value {
			t.Errorf("access log of %s: %s is %q, want %q", got.path, field, entry[field], value)
		}
	}
}
