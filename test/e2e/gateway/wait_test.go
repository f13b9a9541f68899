package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// TestPollAfterSilence is a look that meets an admin process which ends: its
// connection stays open and nothing comes.
func TestPollAfterSilence(t *testing.T) {
	t.Parallel()
	var looks atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		if looks.Add(1) == 1 {
			<-request.Context().Done()
		}
	}))
	t.Cleanup(server.Close)

	ctx, cancel := context.WithTimeout(t.Context(), 10*lookTimeout)
	defer cancel()
	begun := time.Now()
	if err := poll(ctx, "server", func() error { return answers(ctx, server.URL) }); err != nil {
		t.Fatalf("after %v: %v", time.Since(begun), err)
	}
	if got := looks.Load(); got != 2 {
		t.Errorf("%d looks, want 2", got)
	}
}
