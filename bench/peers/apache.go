package peers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"apinto-jwt/jwttest"
)

// apache is Apache with mod_oauth2, which caches the tokens that it has verified. One virtual host for each algorithm, and an open one.
type apache struct {
	*server
	hosts map[string]pair // by algorithm; "" is open
}

// apacheModules is Debian's folder of Apache's modules.
const apacheModules = "/usr/lib/apache2/modules"

const apacheConfig = `ServerRoot %[1]s
DefaultRuntimeDir %[1]s
PidFile %[1]s/apache.pid
ErrorLog %[1]s/error.log
LogLevel error
ServerName localhost
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
StartServers %[2]d
ServerLimit %[2]d
ThreadsPerChild 200
ThreadLimit 200
MaxRequestWorkers %[3]d
MinSpareThreads %[3]d
MaxSpareThreads %[3]d
MaxConnectionsPerChild 0
SSLSessionCache none
`

func startApache(ctx context.Context, w *world) (peer, error) {
	path, err := program("apache2")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(oauth2Module); err != nil {
		return nil, errors.New("mod_oauth2 is not installed")
	}
	dir, err := newDir("apache")
	if err != nil {
		return nil, err
	}
	a := &apache{hosts: make(map[string]pair)}
	config, err := a.config(w, dir)
	if err == nil {
		err = errors.Join(w.writeTLS(dir), write(dir, "apache.conf", config))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if a.server, err = start(dir, nil, path, "-f", filepath.Join(dir, "apache.conf"), "-DFOREGROUND"); err != nil {
		return nil, err
	}
	if err := a.answers(ctx, a.hosts[""].url(false, openPath)); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
		return nil, errors.Join(err, fmt.Errorf("%s", lastLine(log)), a.close())
	}
	return a, nil
}

// config returns the whole configuration.
func (a *apache) config(w *world, dir string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, apacheConfig, dir, processors, 200*processors)
	for _, name := range []string{"mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http", "socache_shmcb", "ssl", "oauth2"} {
		fmt.Fprintf(&b, "LoadModule %s_module %s/mod_%[1]s.so\n", name, apacheModules)
	}
	if os.Geteuid() == 0 {
		b.WriteString("User www-data\nGroup www-data\n")
	}
	for _, algorithm := range []string{"", "HS256", "RS256", "ES256"} {
		ports, err := w.listeners.pair()
		if err != nil {
			return "", err
		}
		a.hosts[algorithm] = ports
		protection, err := apacheProtection(algorithm)
		if err != nil {
			return "", err
		}
		for _, one := range []struct {
			port int
			tls  string
		}{{ports.plain, ""}, {ports.secure, "SSLEngine on\nSSLCertificateFile " + dir + "/cert.pem\nSSLCertificateKeyFile " + dir + "/key.pem\n"}} {
			fmt.Fprintf(&b, "Listen 127.0.0.1:%d http\n<VirtualHost 127.0.0.1:%[1]d>\n%[2]sProxyPass / http://%[3]s/\n%[4]s</VirtualHost>\n",
				one.port, one.tls, w.upstream, protection)
		}
	}
	return b.String(), nil
}

// apacheProtection asks for a token of the algorithm's case, with its issuer and an expiry; nothing for "".
func apacheProtection(algorithm string) (string, error) {
	if algorithm == "" {
		return "", nil
	}
	c := base
	c.algorithm = algorithm
	rule := c.rule()
	key, err := json.Marshal(jwttest.NewJWK("", rule.Key.Public))
	if err != nil {
		return "", err
	}
	quoted := strings.ReplaceAll(string(key), `"`, `\"`)
	return fmt.Sprintf("<Location />\nAuthType oauth2\nOAuth2TokenVerify jwk \"%s\" \"verify.exp=required&verify.iat=skip\"\n"+
		"Require oauth2_claim iss:%s\n</Location>\n", quoted, rule.Claims.Issuer), nil
}

func (*apache) prepare(context.Context, loadCase) error { return nil }

func (a *apache) url(c loadCase, open bool) (string, error) {
	if open {
		return a.hosts[""].url(c.tls, openPath), nil
	}
	if c.apps > 1 {
		return "", fmt.Errorf("%w: mod_oauth2 tries one key after the other and knows no applications", errCannot)
	}
	return a.hosts[c.algorithm].url(c.tls, closedPath), nil
}
