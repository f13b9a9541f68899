package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/token"
)

// oauth2Proxy takes bearer tokens of one OpenID Connect issuer in place of a session. It listens with TLS or without, never both.
type oauth2Proxy struct {
	*server
	world  *world
	binary string
	ports  pair
	tls    bool
}

// oauth2ProxyAlgorithms are those of its cases: it has public keys only.
var oauth2ProxyAlgorithms = []string{"RS256", "ES256"}

// audience is the audience of all tokens.
const audience = "https://api.example"

func startOAuth2Proxy(ctx context.Context, w *world, binary string) (peer, error) {
	ports, err := w.listeners.pair()
	if err != nil {
		return nil, err
	}
	p := &oauth2Proxy{world: w, binary: binary, ports: ports}
	return p, p.start(ctx)
}

// arguments returns the program's command line.
func (p *oauth2Proxy) arguments() []string {
	args := []string{
		"--upstream=http://" + p.world.upstream + "/", "--skip-auth-route=^/open/",
		"--provider=oidc", "--oidc-issuer-url=" + gate.Rules(1, false)[0].Claims.Issuer, "--skip-oidc-discovery=true",
		"--login-url=http://127.0.0.1:9/", "--redeem-url=http://127.0.0.1:9/", "--redirect-url=http://127.0.0.1:9/",
		"--skip-jwt-bearer-tokens=true", "--bearer-token-login-fallback=false", "--oidc-email-claim=sub", "--email-domain=*",
		"--client-id=" + audience, "--client-secret=unused", "--cookie-secret=" + strings.Repeat("0123456789abcdef", 2), "--cookie-secure=false",
		"--request-logging=false", "--auth-logging=false", "--standard-logging=false",
	}
	for _, algorithm := range oauth2ProxyAlgorithms {
		args = append(args, "--oidc-public-key-file="+algorithm+".pem", "--oidc-enabled-signing-alg="+algorithm)
	}
	if p.tls {
		return append(args, fmt.Sprintf("--https-address=127.0.0.1:%d", p.ports.secure), "--tls-cert-file=cert.pem", "--tls-key-file=key.pem")
	}
	return append(args, fmt.Sprintf("--http-address=127.0.0.1:%d", p.ports.plain))
}

// start starts the program.
func (p *oauth2Proxy) start(ctx context.Context) error {
	dir, err := newDir("oauth2-proxy")
	if err != nil {
		return err
	}
	failure := p.world.writeTLS(dir)
	for _, algorithm := range oauth2ProxyAlgorithms {
		failure = errors.Join(failure, write(dir, algorithm+".pem", token.NewKey(algorithm).PEM))
	}
	if failure != nil {
		return errors.Join(failure, os.RemoveAll(dir))
	}
	if p.server, err = start(dir, nil, p.binary, p.arguments()...); err != nil {
		return err
	}
	if err := p.answers(ctx, p.ports.url(p.tls, openPath)); err != nil {
		return errors.Join(err, p.close())
	}
	return nil
}

// prepare starts the program anew if it listens the other way.
func (p *oauth2Proxy) prepare(ctx context.Context, c loadCase) error {
	if p.tls == c.tls {
		return nil
	}
	p.tls = c.tls
	return errors.Join(p.close(), p.start(ctx))
}

func (p *oauth2Proxy) url(c loadCase, open bool) (string, error) {
	switch {
	case open:
	case c.algorithm == "HS256":
		return "", fmt.Errorf("%w: no shared secrets, public keys only", errCannot)
	case c.apps > 1:
		return "", fmt.Errorf("%w: no application of its own for an issuer", errCannot)
	}
	return p.ports.url(c.tls, path(open)), nil
}
