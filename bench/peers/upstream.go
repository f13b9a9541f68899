package peers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"

	"apinto-jwt/bench/apinto"
)

// listeners gives out ports of loopback that are free.
type listeners struct{ taken map[int]bool }

// port finds one that nothing listens on and that it has not given out.
func (l *listeners) port() (int, error) {
	for {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("free port: %w", err)
		}
		address, ok := listener.Addr().(*net.TCPAddr)
		if err := listener.Close(); err != nil || !ok {
			return 0, fmt.Errorf("free port: %w", err)
		}
		if l.taken == nil {
			l.taken = make(map[int]bool)
		}
		if !l.taken[address.Port] {
			l.taken[address.Port] = true
			return address.Port, nil
		}
	}
}

// pair is an address in the clear and one with TLS.
type pair struct{ plain, secure int }

func (l *listeners) pair() (pair, error) {
	plain, err := l.port()
	secure, err2 := l.port()
	return pair{plain, secure}, errors.Join(err, err2)
}

// url returns the address of a path.
func (p pair) url(tls bool, path string) string {
	if tls {
		return fmt.Sprintf("https://localhost:%d%s", p.secure, path)
	}
	return fmt.Sprintf("http://127.0.0.1:%d%s", p.plain, path)
}

// The paths that are asked for.
const (
	closedPath = "/orders/42"
	openPath   = "/open/orders/42"
)

// path returns the path of a protected route, or of an open one.
func path(open bool) string {
	if open {
		return openPath
	}
	return closedPath
}

// world holds what all peers share.
type world struct {
	listeners   listeners
	upstream    string // host:port
	certificate *apinto.Certificate
}

// writeTLS writes certificate and key into a server's directory.
func (w *world) writeTLS(dir string) error {
	return errors.Join(
		write(dir, "cert.pem", w.certificate.PEM), write(dir, "key.pem", w.certificate.Key),
		write(dir, "both.pem", w.certificate.PEM+w.certificate.Key),
	)
}

// write writes a file that the server's workers may read.
func write(dir, name, text string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) //nolint:gosec // keys of this run only
}

// processors is the number that a server may use.
var processors = runtime.NumCPU()

const upstreamConfig = `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option http-buffer-request
frontend up
  bind 127.0.0.1:%d
  http-request return status 200 content-type text/plain string upstream
`

// startUpstream starts HAProxy, which answers every request itself with a few bytes. Without HAProxy it starts a server of this program.
func (w *world) startUpstream(ctx context.Context) (closer func() error, err error) {
	path, err := program("haproxy")
	if err != nil {
		return w.ownUpstream()
	}
	port, err := w.listeners.port()
	if err != nil {
		return nil, err
	}
	dir, err := newDir("upstream")
	if err != nil {
		return nil, err
	}
	if err := write(dir, "haproxy.cfg", fmt.Sprintf(upstreamConfig, port)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s, err := start(dir, nil, path, "-db", "-q", "-f", "haproxy.cfg")
	if err != nil {
		return nil, err
	}
	w.upstream = fmt.Sprintf("127.0.0.1:%d", port)
	if err := s.answers(ctx, "http://"+w.upstream+closedPath); err != nil {
		return nil, errors.Join(fmt.Errorf("upstream: %w", err), s.close())
	}
	return s.close, nil
}

// ownUpstream starts a server of this program, which takes more of the machine for itself than HAProxy.
func (w *world) ownUpstream() (closer func() error, err error) {
	u, err := apinto.StartUpstream()
	if err != nil {
		return nil, err
	}
	w.upstream = u.Address()
	return u.Close, nil
}
