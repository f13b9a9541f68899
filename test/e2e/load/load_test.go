package load

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
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
	must.Succeed(t, err)
	result := run.Wait()
	if result.Slowest <= 0 {
		t.Error("no request took any time")
	}
	want := Result{Sent: 50, Failed: 10, First: "status 401", Slowest: result.Slowest}
	if result != want || served.Load() != 50 {
		t.Errorf("got %+v and %d served, want %+v", result, served.Load(), want)
	}
}

func TestRequestsVary(t *testing.T) {
	var seen sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, twice := seen.LoadOrStore(r.Header.Get("X-Number"), true); twice {
			t.Errorf("%s came twice", r.Header.Get("X-Number"))
		}
	}))
	defer server.Close()
	var n atomic.Int32
	vary := func(h http.Header) { h.Set("X-Number", fmt.Sprint(n.Add(1))) }
	header := http.Header{"X-Number": {"0"}}
	run, err := Start(server.URL, header, Options{Workers: 3, Requests: 30, Vary: vary})
	must.Succeed(t, err)
	if result := run.Wait(); result.Failed > 0 || n.Load() != 30 || header.Get("X-Number") != "0" {
		t.Errorf("got %+v, %d numbers, header %v", result, n.Load(), header)
	}
}

func TestStopEndsAnUnboundedRun(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	run, err := Start(server.URL, nil, Options{Pause: time.Millisecond})
	must.Succeed(t, err)
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
