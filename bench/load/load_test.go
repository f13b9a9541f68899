package load

import (
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

func TestParseWrk(t *testing.T) {
	const good = `Running 2s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.08ms  532.12us  12.40ms   91.08%
    Req/Sec    10.46k   417.83    11.01k    85.00%
  Latency Distribution
     50%    3.01ms
     99%    4.93ms
  20821 requests in 2.00s, 3.02MB read
Requests/sec:  10399.70
Transfer/sec:      1.51MB
`
	s, err := parseWrk(good)
	want := Sample{Rate: 10399.70, Sent: 20821, P50: 3010 * time.Microsecond, P99: 4930 * time.Microsecond}
	if err != nil || s != want {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := parseWrk(good + "  Non-2xx or 3xx responses: 7\n"); !errors.Is(err, ErrRefused) {
		t.Errorf("refusals are taken for answers: %v", err)
	}
	if _, err := parseWrk("unable to connect"); err == nil {
		t.Error("no output is taken for a measurement")
	}
}

func TestPercentile(t *testing.T) {
	hundred := make(latencies, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, test := range []struct {
		times   latencies
		percent int
		want    time.Duration
	}{
		{nil, 99, 0},
		{latencies{7}, 1, 7},
		{latencies{7}, 99, 7},
		{latencies{1, 2, 3, 4}, 50, 2},
		{latencies{1, 2, 3, 4}, 99, 4},
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred[:99], 99, 99},
		{hundred, 100, 100},
	} {
		if got := test.times.percentile(test.percent); got != test.want {
			t.Errorf("%d %% of %d: got %d, want %d", test.percent, len(test.times), got, test.want)
		}
	}
}

func TestSummary(t *testing.T) {
	got := summary([]latencies{{30, 10}, nil, {20, 40}}, 2*time.Second)
	if want := (Sample{Rate: 2, Sent: 4, P50: 20, P99: 40}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDueBy(t *testing.T) {
	for elapsed, want := range map[time.Duration]int{0: 1, 5 * time.Millisecond: 6, time.Second: 1001, 9 * time.Second: 5000} {
		if got := dueBy(elapsed, 1000, 5000); got != want {
			t.Errorf("after %s: got %d, want %d", elapsed, got, want)
		}
	}
}

// serve answers on loopback.
func serve(t *testing.T, handler fasthttp.RequestHandler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &fasthttp.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return "http://" + listener.Addr().String() + "/"
}

func TestLoaders(t *testing.T) {
	var posts, others atomic.Int64
	var seen [2]atomic.Int64
	url := serve(t, func(ctx *fasthttp.RequestCtx) {
		if ctx.IsPost() && len(ctx.PostBody()) == 4096 {
			posts.Add(1)
		} else {
			others.Add(1)
		}
		seen[slices.Index([]string{"a", "b"}, string(ctx.Request.Header.Peek("X")))].Add(1)
	})
	list := []Loader{BuiltIn{}}
	if path, err := findWrk(); err == nil {
		list = append(list, &wrk{path})
	}
	for _, loader := range list {
		t.Run(loader.Name(), func(t *testing.T) {
			posts.Store(0)
			seen[0].Store(0)
			seen[1].Store(0)
			r := Request{URL: url, Header: "X", Values: []string{"a", "b"}, Body: 4096, Connections: 3}
			s, err := loader.Run(t.Context(), r, time.Second)
			if err != nil || s.Sent == 0 || s.Rate <= 0 || s.P50 <= 0 || s.P99 < s.P50 {
				t.Errorf("%+v, %v", s, err)
			}
			if others.Load() > 0 || seen[0].Load() == 0 || seen[1].Load() == 0 {
				t.Errorf("%d without a body, values seen %d and %d times", others.Load(), seen[0].Load(), seen[1].Load())
			}
			if got := posts.Load(); got < int64(s.Sent) {
				t.Errorf("%d arrived of %d", got, s.Sent)
			}
			if _, err := loader.Run(t.Context(), Request{URL: url, Header: "X", Values: []string{"a"}, Body: 1}, time.Second); err != nil {
				t.Error(err)
			}
			others.Store(0)
		})
	}
}

// An open loop sends what is due, and counts what a slow server makes wait.
func TestAtRate(t *testing.T) {
	url := serve(t, func(*fasthttp.RequestCtx) { time.Sleep(10 * time.Millisecond) })
	s, err := AtRate(t.Context(), Request{URL: url, Connections: 64}, 500, 400*time.Millisecond)
	if err != nil || s.Sent != 200 || s.P50 < 10*time.Millisecond {
		t.Errorf("%+v, %v", s, err)
	}
	// 100 requests in 0.2 s, of which one connection answers 20: the last wait for most of a second.
	s, err = AtRate(t.Context(), Request{URL: url, Connections: 1}, 500, 200*time.Millisecond)
	if err != nil || s.Sent != 100 || s.P99 < 600*time.Millisecond {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := AtRate(t.Context(), Request{URL: url}, 1, 10*time.Millisecond); err == nil {
		t.Error("no request at all is taken for a measurement")
	}
}

func TestRefused(t *testing.T) {
	url := serve(t, func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(fasthttp.StatusUnauthorized) })
	if _, err := AtRate(t.Context(), Request{URL: url, Connections: 2}, 100, 100*time.Millisecond); !errors.Is(err, ErrRefused) {
		t.Errorf("at a rate: %v", err)
	}
	if _, err := (BuiltIn{}).Run(t.Context(), Request{URL: url, Connections: 2}, 50*time.Millisecond); !errors.Is(err, ErrRefused) {
		t.Errorf("as fast as it goes: %v", err)
	}
}
