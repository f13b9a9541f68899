package endtoend

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"apinto-jwt/bench/gate"
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
	if err != nil || s.rate != 10399.70 || s.sent != 20821 || s.p99 != 4930*time.Microsecond {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := parseWrk(good + "  Non-2xx or 3xx responses: 7\n"); !errors.Is(err, errRefused) {
		t.Errorf("refusals are taken for answers: %v", err)
	}
	if _, err := parseWrk("unable to connect"); err == nil {
		t.Error("no output is taken for a measurement")
	}
}

func TestGoLoader(t *testing.T) {
	u, err := startUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer u.close()
	p := plan{rounds: 2, duration: 50 * time.Millisecond, load: goLoader{}, progress: io.Discard}
	results, err := p.compare(t.Context(), "test", []target{
		{name: "a", request: request{url: "http://" + u.address() + "/"}, pid: os.Getpid},
		{name: "b", request: request{url: "http://" + u.address() + "/", header: "X"}, pid: os.Getpid, values: func(int) []string { return []string{"1", "2"} }},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range results {
		if m.rate <= 0 || m.p99 <= 0 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if !results["b"].repeated {
		t.Error("two values were enough for all requests")
	}
}

func TestHAProxy(t *testing.T) {
	if _, err := findHAProxy(); err != nil {
		t.Skip(err)
	}
	u, err := startUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer u.close()
	h, err := startHAProxy(t.Context(), u.address())
	if err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range haproxyAlgorithms {
		rule := gate.OneRule(algorithm)
		rule.Claims.Expired = true
		status, _, err := get(context.Background(), h.url(h.ports[algorithm]), "Authorization", "Bearer "+rule.New())
		if err != nil || status == 200 {
			t.Errorf("%s: an expired token: status %d, %v", algorithm, status, err)
		}
	}
	if err := h.close(); err != nil {
		t.Error(err)
	}
}
