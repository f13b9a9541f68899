package rig

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/test/e2e/load"
)

// InUse waits until each load has sent more requests, begun after this call.
func InUse(t *testing.T, runs ...*load.Run) {
	t.Helper()
	for _, run := range runs {
		more := run.Sent() + 20
		Within(t, 10*time.Second, func() error {
			if sent := run.Sent(); sent < more {
				return fmt.Errorf("%d requests sent, want %d", sent, more)
			}
			return nil
		})
	}
}

// Load sends requests to a path until the test stops it, at the latest when
// the test ends. It starts once the path answers.
func (e *Env) Load(t *testing.T, path string, header http.Header) *load.Run {
	t.Helper()
	Within(t, Settle, func() error { // not accepted(): the upstream does not keep the load's requests
		if got := e.SendTo(t, e.Node, path, Call{Header: header}); got.Status != http.StatusOK {
			return fmt.Errorf("%s: status %d", path, got.Status)
		}
		return nil
	})
	run, err := load.Start(e.Node.URL+path, header, load.Options{Workers: 2, Pause: 5 * time.Millisecond, Duration: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Stop() })
	return run
}
