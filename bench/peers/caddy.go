package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
)

const caddyConfig = `{
	admin off
	auto_https off
	default_bind 127.0.0.1
	log {
		level ERROR
	}
}
http://127.0.0.1:%[1]d {
	reverse_proxy %[3]s
}
https://localhost:%[2]d {
	tls cert.pem key.pem
	reverse_proxy %[3]s
}
`

func startCaddy(ctx context.Context, w *world, binary string) (peer, error) {
	ports, err := w.listeners.pair()
	if err != nil {
		return nil, err
	}
	dir, err := newDir("caddy")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.writeTLS(dir), write(dir, "Caddyfile", fmt.Sprintf(caddyConfig, ports.plain, ports.secure, w.upstream))); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	home := []string{"HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	s, err := start(dir, home, binary, "run", "--config", "Caddyfile", "--adapter", "caddyfile")
	if err != nil {
		return nil, err
	}
	if err := s.answers(ctx, ports.url(false, openPath)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return &plainProxy{s, ports, "Caddy has no verification of tokens of its own"}, nil
}
