package peers

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/load"
	"apinto-jwt/bench/process"
	"apinto-jwt/test/e2e/gateway"
)

// newWorld starts the upstream.
func newWorld(t *testing.T) *world {
	t.Helper()
	certificate, err := apinto.NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{certificate: certificate}
	closer, err := w.startUpstream(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closer(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// ours starts the gateway that the environment names, with the filter or without.
func ours(filter bool) func(context.Context, *world) (peer, error) {
	return func(ctx context.Context, w *world) (peer, error) {
		return startApinto(ctx, w, "ours", os.Getenv(gateway.EnvBinary), filter)
	}
}

// inPath starts a peer whose program is in the path; the whole run builds it.
func inPath(name string, start func(context.Context, *world, string) (peer, error)) func(context.Context, *world) (peer, error) {
	return func(ctx context.Context, w *world) (peer, error) {
		path, err := exec.LookPath(name)
		if err != nil {
			return nil, err
		}
		return start(ctx, w, path)
	}
}

// Every server that is installed does in every case what it should, is counted whole, and leaves nothing behind.
func TestServers(t *testing.T) {
	for _, server := range []struct {
		name, program string
		open, token   string
		processes     int // at least
		start         func(context.Context, *world) (peer, error)
	}{
		{"gateway", os.Getenv(gateway.EnvBinary), oursOpen, oursApp, 3, ours(false)},
		{"gateway with filter", os.Getenv(gateway.EnvBinary), filterOpen, oursFilter, 3, ours(true)},
		{"HAProxy", "haproxy", haOpen, haJWT, 1, startHAProxy},
		{"Apache", "apache2", apacheOpen, apacheJWT, 1 + processors, startApache},
		{"nginx", "nginx", nginxOpen, "", 1 + processors, startNginx},
		{"oauth2-proxy", "oauth2-proxy", proxyOpen, proxyJWT, 1, inPath("oauth2-proxy", startOAuth2Proxy)},
		{"Caddy", "caddy", caddyOpen, "", 1, inPath("caddy", startCaddy)},
	} {
		t.Run(server.name, func(t *testing.T) {
			if _, err := program(server.program); err != nil {
				t.Skip(err)
			}
			w := newWorld(t)
			p, err := server.start(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cases([]int{1, 20}) {
				for _, open := range []bool{true, false} {
					one := contender{name: server.token, open: open, peer: p}
					if open {
						one.name = server.open
					}
					if one.name != "" && one.takesPart(c) {
						tryCase(t, one, c)
					}
				}
			}
			u, err := process.Of(p.root())
			if err != nil || u.Processes < server.processes || u.CPU <= 0 || u.Memory <= 0 {
				t.Errorf("%+v, %v", u, err)
			}
			root := p.root()
			if err := p.close(); err != nil {
				t.Error(err)
			}
			if _, err := process.Of(root); err == nil {
				t.Error("processes are left")
			}
		})
	}
}

// tryCase checks a route as before a measurement, and sends a few requests as in one.
func tryCase(t *testing.T, one contender, c loadCase) {
	t.Helper()
	r := &run{contender: one, loadCase: c}
	err := r.prepare(t.Context())
	if errors.Is(err, errCannot) {
		t.Logf("%s: %v", r, err)
		return
	}
	if err != nil {
		t.Errorf("%s: %v", r, err)
		return
	}
	if s, err := load.AtRate(t.Context(), r.request, 500, 200e6); err != nil || s.Sent != 100 {
		t.Errorf("%s: %+v, %v", r, s, err)
	}
}
