package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// haproxy has one frontend for each case that asks for other keys, and an open one. It verifies every token anew.
type haproxy struct {
	*server
	frontends map[string]pair // by name; "open" is open
}

// haproxyFrontend names the frontend of a case.
func haproxyFrontend(c loadCase, open bool) string {
	if open {
		return "open"
	}
	return c.algorithm
}

func startHAProxy(ctx context.Context, w *world) (peer, error) {
	path, err := program("haproxy")
	if err != nil {
		return nil, err
	}
	dir, err := newDir("haproxy")
	if err != nil {
		return nil, err
	}
	h := &haproxy{frontends: make(map[string]pair)}
	config, err := h.config(w, dir)
	if err == nil {
		err = errors.Join(w.writeTLS(dir), write(dir, "haproxy.cfg", config))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if h.server, err = start(dir, nil, path, "-db", "-q", "-f", "haproxy.cfg"); err != nil {
		return nil, err
	}
	if err := h.answers(ctx, h.frontends["open"].url(false, openPath)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// config writes the key files and returns the configuration.
func (h *haproxy) config(w *world, dir string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "global\n  nbthread %d\n  maxconn 8192\n  ssl-default-bind-options ssl-min-ver TLSv1.2\ndefaults\n  mode http\n  timeout connect 5s\n"+
		"  timeout client 60s\n  timeout server 60s\nbackend up\n  http-reuse always\n  server up %s\n", processors, w.upstream)
	for _, c := range cases(nil) {
		for _, open := range []bool{true, false} {
			name := haproxyFrontend(c, open)
			if _, known := h.frontends[name]; known {
				continue
			}
			ports, err := w.listeners.pair()
			if err != nil {
				return "", err
			}
			h.frontends[name] = ports
			fmt.Fprintf(&b, "frontend %s\n  bind 127.0.0.1:%d\n  bind 127.0.0.1:%d ssl crt %s\n", name, ports.plain, ports.secure, filepath.Join(dir, "both.pem"))
			if !open {
				lines, err := verification(dir, name, c)
				if err != nil {
					return "", err
				}
				b.WriteString(lines)
			}
			b.WriteString("  default_backend up\n")
		}
	}
	return b.String(), nil
}

// verification returns the rules that HAProxy's own documentation recommends: algorithm, issuer, expiry, signature.
func verification(dir, name string, c loadCase) (string, error) {
	lines := []string{
		"  http-request set-var(txn.bearer) http_auth_bearer",
		"  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')",
		"  http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')",
		"  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')",
		"  http-request set-var(txn.now) date()",
		"  http-request deny unless { var(txn.alg) -m str " + c.algorithm + " }",
		"  http-request deny if { var(txn.exp),sub(txn.now) -m int lt 0 }",
	}
	rule := c.rule()
	key, isSecret := rule.Key.Public.([]byte)
	if !isSecret {
		if err := write(dir, name+".pem", rule.Key.PEM); err != nil {
			return "", err
		}
		key = []byte(filepath.Join(dir, name+".pem"))
	}
	lines = append(lines, "  http-request deny unless { var(txn.iss) -m str "+rule.Claims.Issuer+" }",
		fmt.Sprintf("  http-request deny unless { var(txn.bearer),jwt_verify(txn.alg,%q) 1 }", key), "")
	return strings.Join(lines, "\n"), nil
}

func (*haproxy) prepare(context.Context, loadCase) error { return nil }

func (h *haproxy) url(c loadCase, open bool) (string, error) {
	if c.apps > 1 {
		return "", fmt.Errorf("%w: jwt_verify takes a key of the configuration, none that the token's issuer finds", errCannot)
	}
	return h.frontends[haproxyFrontend(c, open)].url(c.tls, path(open)), nil
}
