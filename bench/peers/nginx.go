package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// plainProxy is a server that lets everybody through: what a proxy costs without any authentication.
type plainProxy struct {
	*server
	ports pair
	why   string // why it asks nobody for a token
}

func (*plainProxy) prepare(context.Context, loadCase) error { return nil }

func (p *plainProxy) url(c loadCase, open bool) (string, error) {
	if !open {
		return "", fmt.Errorf("%w: %s", errCannot, p.why)
	}
	return p.ports.url(c.tls, openPath), nil
}

const nginxConfig = `%sdaemon off;
worker_processes %d;
pid nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 1000000000;
  client_body_buffer_size 16k;
  upstream up {
    server %s;
    keepalive 512;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:%d;
    listen 127.0.0.1:%d ssl;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    location / {
      proxy_pass http://up;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`

func startNginx(ctx context.Context, w *world) (peer, error) {
	path, err := program("nginx")
	if err != nil {
		return nil, err
	}
	ports, err := w.listeners.pair()
	if err != nil {
		return nil, err
	}
	dir, err := newDir("nginx")
	if err != nil {
		return nil, err
	}
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;\n" // its workers are to find the directory of this run
	}
	config := fmt.Sprintf(nginxConfig, user, processors, w.upstream, ports.plain, ports.secure)
	if err := errors.Join(w.writeTLS(dir), write(dir, "nginx.conf", config)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s, err := start(dir, nil, path, "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	if err != nil {
		return nil, err
	}
	if err := s.answers(ctx, ports.url(false, openPath)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return &plainProxy{s, ports, "auth_jwt is not in the open nginx"}, nil
}
