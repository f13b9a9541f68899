package endtoend

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
)

// haproxy is HAProxy with one address for each algorithm, whose tokens it verifies, and one that is open: what native
// code reaches.
type haproxy struct {
	command *exec.Cmd
	dir     string
	ports   map[string]int // by algorithm; "" is open
}

// haproxyAlgorithms are those that HAProxy is measured with.
var haproxyAlgorithms = []string{"HS256", "RS256"}

// errNoHAProxy says that it is not installed.
var errNoHAProxy = errors.New("HAProxy is not installed (Debian: apt-get install haproxy)")

func startHAProxy(ctx context.Context, upstream string) (*haproxy, error) {
	path, err := findHAProxy()
	if err != nil {
		return nil, err
	}
	h := &haproxy{ports: make(map[string]int)}
	if h.dir, err = os.MkdirTemp("", "apinto-jwt-bench-haproxy-"); err != nil {
		return nil, fmt.Errorf("haproxy: %w", err)
	}
	if err := h.configure(upstream); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.command = exec.Command(path, "-db", "-q", "-f", filepath.Join(h.dir, "haproxy.cfg"))
	h.command.Stderr = os.Stderr
	endWithParent(h.command)
	if err := h.command.Start(); err != nil {
		h.command = nil
		return nil, errors.Join(fmt.Errorf("haproxy: %w", err), h.close())
	}
	if err := h.ready(ctx); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// findHAProxy looks also where system programs are, which is not in every user's path.
func findHAProxy() (string, error) {
	for _, name := range []string{"haproxy", "/usr/sbin/haproxy", "/usr/local/sbin/haproxy"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoHAProxy
}

// configure writes the configuration: one thread, so that it reaches as much as one processor can.
func (h *haproxy) configure(upstream string) error {
	var b strings.Builder
	b.WriteString("global\n  nbthread 1\n  maxconn 4096\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n")
	fmt.Fprintf(&b, "backend up\n  http-reuse always\n  server up %s\n", upstream)
	for _, algorithm := range append([]string{""}, haproxyAlgorithms...) {
		port, err := freePort()
		if err != nil {
			return err
		}
		h.ports[algorithm] = port
		fmt.Fprintf(&b, "frontend f%s\n  bind 127.0.0.1:%d\n", algorithm, port)
		if algorithm != "" {
			key, err := h.key(algorithm)
			if err != nil {
				return err
			}
			b.WriteString(verification(algorithm, gate.OneRule(algorithm).Claims.Issuer, key))
		}
		b.WriteString("  default_backend up\n")
	}
	if err := os.WriteFile(filepath.Join(h.dir, "haproxy.cfg"), []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("haproxy: %w", err)
	}
	return nil
}

// verification returns the rules that HAProxy's own documentation recommends: algorithm, issuer, expiry, signature.
func verification(algorithm, issuer, key string) string {
	return strings.Join([]string{
		"  http-request set-var(txn.bearer) http_auth_bearer",
		"  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')",
		"  http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')",
		"  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')",
		"  http-request set-var(txn.now) date()",
		"  http-request deny unless { var(txn.alg) -m str " + algorithm + " }",
		"  http-request deny unless { var(txn.iss) -m str " + issuer + " }",
		"  http-request deny if { var(txn.exp),sub(txn.now) -m int lt 0 }",
		fmt.Sprintf("  http-request deny unless { var(txn.bearer),jwt_verify(txn.alg,%q) 1 }", key),
		"",
	}, "\n")
}

// key returns the secret, or a file with the public key.
func (h *haproxy) key(algorithm string) (string, error) {
	rule := gate.OneRule(algorithm)
	if secret, ok := rule.Key.Public.([]byte); ok {
		return string(secret), nil
	}
	path := filepath.Join(h.dir, algorithm+".pem")
	if err := os.WriteFile(path, []byte(rule.Key.PEM), 0o600); err != nil {
		return "", fmt.Errorf("haproxy: %w", err)
	}
	return path, nil
}

// ready waits until every address does what it should.
func (h *haproxy) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for algorithm, port := range h.ports {
		value := ""
		if algorithm != "" {
			value = "Bearer " + gate.OneRule(algorithm).New()
		}
		for {
			status, _, err := apinto.Get(ctx, h.url(port), "Authorization", value)
			if err == nil && status == 200 {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("haproxy: port for %q: status %d: %w", algorithm, status, errors.Join(ctx.Err(), err))
			case <-time.After(50 * time.Millisecond):
			}
		}
		if algorithm == "" {
			continue
		}
		if status, _, err := apinto.Get(ctx, h.url(port), "Authorization", "Bearer x.y.z"); err != nil || status == 200 {
			return fmt.Errorf("haproxy: accepts garbage for %s: %w", algorithm, err)
		}
	}
	return nil
}

func (*haproxy) url(port int) string { return fmt.Sprintf("http://127.0.0.1:%d/orders/42", port) }

// target returns the address of an algorithm, or the open one.
func (h *haproxy) target(name, algorithm string) target {
	t := target{name: name, request: load.Request{URL: h.url(h.ports[algorithm])}, pid: func() int { return h.command.Process.Pid }}
	if algorithm != "" {
		t.request.Header, t.request.Values = "Authorization", []string{"Bearer " + gate.OneRule(algorithm).New()}
	}
	return t
}

// close ends HAProxy and removes its files.
func (h *haproxy) close() error {
	if h.command != nil {
		_ = h.command.Process.Kill()
		_ = h.command.Wait() // "signal: killed"
	}
	return os.RemoveAll(h.dir)
}

// freePort finds one that nothing listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
