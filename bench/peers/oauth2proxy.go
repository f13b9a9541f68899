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

// oauth2Proxy takes bearer tokens of one OpenID Connect issuer in place of a session.
type oauth2Proxy struct {
	*server
	ports pair
}

// oauth2ProxyAlgorithms are those of its cases: it has public keys only.
var oauth2ProxyAlgorithms = []string{"RS256", "ES256"}

// audience is the one that all tokens have.
const audience = "https://api.example"

func startOAuth2Proxy(ctx context.Context, w *world, binary string) (peer, error) {
	ports, err := w.listeners.pair()
	if err != nil {
		return nil, err
	}
	dir, err := newDir("oauth2-proxy")
	if err != nil {
		return nil, err
	}
	args := []string{
		fmt.Sprintf("--http-address=127.0.0.1:%d", ports.plain), fmt.Sprintf("--https-address=127.0.0.1:%d", ports.secure),
		"--tls-cert-file=cert.pem", "--tls-key-file=key.pem", "--upstream=http://" + w.upstream + "/", "--skip-auth-route=^/open/",
		"--provider=oidc", "--oidc-issuer-url=" + gate.Rules(1, false)[0].Claims.Issuer, "--skip-oidc-discovery=true",
		"--login-url=http://127.0.0.1:9/", "--redeem-url=http://127.0.0.1:9/", "--redirect-url=http://127.0.0.1:9/",
		"--skip-jwt-bearer-tokens=true", "--bearer-token-login-fallback=false", "--oidc-email-claim=sub", "--email-domain=*",
		"--client-id=" + audience, "--client-secret=unused", "--cookie-secret=" + strings.Repeat("0123456789abcdef", 2), "--cookie-secure=false",
		"--request-logging=false", "--auth-logging=false", "--standard-logging=false",
	}
	failure := w.writeTLS(dir)
	for _, algorithm := range oauth2ProxyAlgorithms {
		failure = errors.Join(failure, write(dir, algorithm+".pem", token.NewKey(algorithm).PEM))
		args = append(args, "--oidc-public-key-file="+algorithm+".pem", "--oidc-enabled-signing-alg="+algorithm)
	}
	if failure != nil {
		return nil, errors.Join(failure, os.RemoveAll(dir))
	}
	s, err := start(dir, nil, binary, args...)
	if err != nil {
		return nil, err
	}
	if err := s.answers(ctx, ports.url(false, openPath)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return &oauth2Proxy{s, ports}, nil
}

func (*oauth2Proxy) prepare(context.Context, loadCase) error { return nil }

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
