package apinto

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// Certificate is one for loopback, with its key, both as PEM.
type Certificate struct{ PEM, Key string }

// NewCertificate makes a self-signed certificate on P-256, as most servers of today have, valid for a day.
func NewCertificate() (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &Certificate{PEM: block("CERTIFICATE", der), Key: block("PRIVATE KEY", private)}, nil
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// secureDir makes a gateway's directory whose configuration listens with TLS too, and returns the base of the URLs over TLS. The port of
// TLS takes both: one that takes TLS alone gives every second connection to the host's other kind of TLS.
func secureDir() (dir, secure string, err error) {
	ports, err := gateway.FreePorts()
	if err != nil {
		return "", "", err
	}
	other, err := gateway.FreePorts()
	if err != nil {
		return "", "", err
	}
	if dir, err = os.MkdirTemp("", "apinto-tls-"); err != nil {
		return "", "", fmt.Errorf("gateway directory: %w", err)
	}
	config := fmt.Sprintf(`version: 2
gateway:
  listen_urls:
    - http://127.0.0.1:%d
    - http://127.0.0.1:%d
    - https://127.0.0.1:%[2]d
client:
  listen_urls:
    - http://127.0.0.1:%[3]d
peer:
  listen_urls:
    - http://127.0.0.1:%[4]d
`, ports.Gateway, other.Gateway, ports.Admin, ports.Peer)
	if err := os.WriteFile(filepath.Join(dir, "config.yml"), []byte(config), 0o600); err != nil {
		return "", "", fmt.Errorf("gateway directory: %w", err)
	}
	return dir, fmt.Sprintf("https://localhost:%d", other.Gateway), nil
}

// LoopbackClient trusts every certificate, follows no redirect, and keeps no connection.
func LoopbackClient() *http.Client {
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}, //nolint:gosec // our own servers
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
