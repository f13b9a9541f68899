package docs

import (
	"strings"
	"testing"
)

func TestPorts(t *testing.T) {
	const text = `curl http://127.0.0.1:9400/api/router -d '{"listen":8099,"nodes":["127.0.0.1:8200"],"timeout":2000}'
redis-server --port 6379`
	p := ports{}
	if err := p.add(text); err != nil {
		t.Fatal(err)
	}
	if len(p) != 4 {
		t.Errorf("found %v", p)
	}
	got := p.replace(text)
	for name, port := range p {
		if strings.Contains(got, name) || !strings.Contains(got, port) {
			t.Errorf("%s for %s: got %s", port, name, got)
		}
	}
	if !strings.Contains(got, `"timeout":2000`) {
		t.Errorf("more than ports is changed: %s", got)
	}
	if restored := p.restore("Host: 127.0.0.1:" + p["8099"]); restored != "Host: 127.0.0.1:8099" {
		t.Errorf("restored %q", restored)
	}
}
