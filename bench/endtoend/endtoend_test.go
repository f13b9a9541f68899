package endtoend

import (
	"context"
	"io"
	"os"
	"testing"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
)

func TestCompare(t *testing.T) {
	u, err := apinto.StartUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	p := plan{rounds: 2, duration: 50 * time.Millisecond, load: load.BuiltIn{}, progress: io.Discard}
	results, err := p.compare(t.Context(), "test", []target{
		{name: "a", request: load.Request{URL: "http://" + u.Address() + "/"}, pid: os.Getpid},
		{name: "b", request: load.Request{URL: "http://" + u.Address() + "/", Header: "X"}, pid: os.Getpid, values: func(int) []string { return []string{"1", "2"} }},
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
	u, err := apinto.StartUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	h, err := startHAProxy(t.Context(), u.Address())
	if err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range haproxyAlgorithms {
		rule := gate.OneRule(algorithm)
		rule.Claims.Expired = true
		status, _, err := apinto.Get(context.Background(), h.url(h.ports[algorithm]), "Authorization", "Bearer "+rule.New())
		if err != nil || status == 200 {
			t.Errorf("%s: an expired token: status %d, %v", algorithm, status, err)
		}
	}
	if err := h.close(); err != nil {
		t.Error(err)
	}
}
