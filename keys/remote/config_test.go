package remote

import (
	"errors"
	"strings"
	"testing"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/origin"
)

// faultsCases are those of TestFaults.
var faultsCases = []struct {
	name  string
	alter func(c *Config)
	field string // "" if it is right
	want  error
}{
	{"https", func(*Config) {}, "", nil},
	{"a port and a query", func(c *Config) { c.URL = "https://issuer.example:8443/jwks?tenant=1" }, "", nil},
	{"http to loopback", func(c *Config) { c.URL = "http://127.0.0.1:8080/jwks" }, "", nil},
	{"http to loopback, another", func(c *Config) { c.URL = "http://127.1.2.3/jwks" }, "", nil},
	{"http to loopback of IPv6", func(c *Config) { c.URL = "http://[::1]/jwks" }, "", nil},
	{"http to localhost", func(c *Config) { c.URL = "http://LocalHost:8080/jwks" }, "", nil},
	{"http that is allowed", func(c *Config) { c.URL, c.AllowHTTP = "http://issuer.example/jwks", true }, "", nil},
	{"http", func(c *Config) { c.URL = "http://issuer.example/jwks" }, "URL", ErrURL},
	{"http to a private address", func(c *Config) { c.URL = "http://10.0.0.1/jwks" }, "URL", ErrURL},
	{"http to any address", func(c *Config) { c.URL = "http://0.0.0.0/jwks" }, "URL", ErrURL},
	{"http to a name that begins so", func(c *Config) { c.URL = "http://localhost.issuer.example/jwks" }, "URL", ErrURL},
	{"http to a short address", func(c *Config) { c.URL = "http://127.1/jwks" }, "URL", ErrURL},
	{"http with a user that looks so", func(c *Config) { c.URL = "http://127.0.0.1@issuer.example/jwks" }, "URL", ErrURL},
	{"empty", func(c *Config) { c.URL = "" }, "URL", ErrURL},
	{"no scheme", func(c *Config) { c.URL = "issuer.example/jwks" }, "URL", ErrURL},
	{"file", func(c *Config) { c.URL = "file:///etc/passwd" }, "URL", ErrURL},
	{"file that is allowed http", func(c *Config) { c.URL, c.AllowHTTP = "file://localhost/etc/passwd", true }, "URL", ErrURL},
	{"opaque", func(c *Config) { c.URL = "https:issuer.example" }, "URL", ErrURL},
	{"no host", func(c *Config) { c.URL = "https://:443/jwks" }, "URL", ErrURL},
	{"password", func(c *Config) { c.URL = "https://user:pass-word@issuer.example/jwks" }, "URL", ErrURL},
	{"fragment", func(c *Config) { c.URL = "https://issuer.example/jwks#a" }, "URL", ErrURL},
	{"unreadable", func(c *Config) { c.URL = "https://pass-word@[/jwks" }, "URL", ErrURL},
	{"control character", func(c *Config) { c.URL = "https://issuer.example/\r\npass-word" }, "URL", ErrURL},
	{"long", func(c *Config) { c.URL = "https://issuer.example/" + strings.Repeat("a", origin.MaxURL) }, "URL", ErrURL},
	{"no algorithm", func(c *Config) { c.Algorithms = 0 }, "Algorithms", ErrAlgorithms},
	{"refresh too often", func(c *Config) { c.Refresh = time.Millisecond }, "Refresh", ErrRange},
	{"refresh too rarely", func(c *Config) { c.Refresh = 25 * time.Hour }, "Refresh", ErrRange},
	{"refresh negative", func(c *Config) { c.Refresh = -time.Second }, "Refresh", ErrRange},
	{"stale too soon", func(c *Config) { c.MaxStale = time.Second }, "MaxStale", ErrRange},
	{"stale too late", func(c *Config) { c.MaxStale = 31 * 24 * time.Hour }, "MaxStale", ErrRange},
	{"CA", func(c *Config) { c.CA = "text" }, "CA", ErrCA},
	{"CA twice", func(c *Config) { c.CA, c.CAFile = "text", "file" }, "CAFile", ErrCA},
}

func TestFaults(t *testing.T) {
	good := Config{URL: "https://issuer.example/jwks", Algorithms: keys.NewAlgorithmSet(keys.RS256)}
	tests := faultsCases
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := good
			test.alter(&c)
			faults := c.Faults()
			if test.field == "" {
				if len(faults) > 0 {
					t.Errorf("refused: %v", faults)
				}
				return
			}
			if len(faults) != 1 || faults[0].Field != test.field || !errors.Is(faults[0], test.want) {
				t.Fatalf("got %v", faults)
			}
			if strings.Contains(faults[0].Error(), "pass-word") {
				t.Errorf("shown: %v", faults[0])
			}
			if _, err := NewPool(Options{}).Acquire(c, nil); !errors.Is(err, test.want) {
				t.Errorf("Acquire: %v", err)
			}
		})
	}
}

func TestFaultsAllAtOnce(t *testing.T) {
	if faults := (Config{URL: "x", Refresh: -1, MaxStale: -1, CA: "x"}).Faults(); len(faults) != 5 {
		t.Errorf("got %v", faults)
	}
}
