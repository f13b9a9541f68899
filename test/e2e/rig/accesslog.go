package rig

import (
	"context"
	"testing"
	"time"
)

// ExpectLogged waits for the access log's entry of this answer and compares
// these of its fields. An empty value is a label that was not set.
func (e *Env) ExpectLogged(t *testing.T, got Answer, want map[string]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	entry, err := e.Node.AccessEntry(ctx, e.Log, "uri", got.Path)
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range want {
		if entry[field] != value {
			t.Errorf("access log of %s: %s is %q, want %q", got.Path, field, entry[field], value)
		}
	}
}
