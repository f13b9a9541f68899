package load

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunCounts(t *testing.T) {
	var served atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if served.Add(1)%5 == 0 || r.Header.Get("X-Key") != "k" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer server.Close()

	run, err := Start(server.URL, http.Header{"X-Key": {"k"}}, Options{Workers: 3, Requests: 50})
	if err != nil {
		t.Fatal(err)
	}
	result := run.Wait()
	want := Result{Sent: 50, Failed: 10, First: "status 401"}
	if result != want || served.Load() != 50 {
		t.Errorf("got %+v and %d served, want %+v", result, served.Load(), want)
	}
}

func TestStopEndsAnUnboundedRun(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	run, err := Start(server.URL, nil, Options{Pause: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for run.Sent() == 0 {
		time.Sleep(time.Millisecond)
	}
	if result := run.Stop(); result.Sent != result.Failed {
		t.Errorf("404 counted as success: %+v", result)
	}
}

func TestOnlyLoopback(t *testing.T) {
	for _, target := range []string{"http://192.0.2.1/", "http://example.com/", "http://10.0.0.1:80/"} {
		if _, err := Start(target, nil, Options{}); err == nil {
			t.Errorf("%s: no error", target)
		}
	}
}
