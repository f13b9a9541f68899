package issuer

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

func TestParsePrivatePEM(t *testing.T) {
	ec, err := generate(keys.ES256, 0)
	must.Succeed(t, err)
	ed, err := generate(keys.EdDSA, 0)
	must.Succeed(t, err)
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	must.Succeed(t, err)
	sec1, err := x509.MarshalECPrivateKey(ec.(*ecdsa.PrivateKey))
	must.Succeed(t, err)
	pkix, err := x509.MarshalPKIXPublicKey(ec.Public())
	must.Succeed(t, err)
	var (
		pkcs1     = encodePEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(jwttest.RSAKey(keys.MinRSABits)))
		ecSEC1    = encodePEM("EC PRIVATE KEY", sec1)
		ecPKCS8   = encodePEM("PRIVATE KEY", pkcs8(t, ec))
		public    = encodePEM("PUBLIC KEY", pkix)
		params    = encodePEM("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7})
		encrypted = string(pem.EncodeToMemory(&pem.Block{
			Type: "RSA PRIVATE KEY", Bytes: []byte("sealed"),
			Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"},
		}))
	)
	tests := []struct {
		name, text string
		want       error
	}{
		{"PKCS#8 RSA", encodePEM("PRIVATE KEY", pkcs8(t, jwttest.RSAKey(keys.MinRSABits))), nil},
		{"PKCS#8 EC", ecPKCS8, nil},
		{"PKCS#8 Ed25519", encodePEM("PRIVATE KEY", pkcs8(t, ed)), nil},
		{"PKCS#1", pkcs1, nil},
		{"SEC 1", ecSEC1, nil},
		{"SEC 1 after its parameters", params + ecSEC1, nil},
		{"private and public key in one file", public + "\n" + ecPKCS8, nil},
		{"text round it", "Bag Attributes\n  localKeyID: 01\n" + ecPKCS8 + "end\n", nil},
		{"PKCS#8 under the label of PKCS#1", encodePEM("RSA PRIVATE KEY", pkcs8(t, jwttest.RSAKey(keys.MinRSABits))), nil},
		{"CR LF", strings.ReplaceAll(ecPKCS8, "\n", "\r\n"), nil},
		{"blank", " \n", keys.ErrEmpty},
		{"no PEM", "hello", keys.ErrPEM},
		{"damaged", strings.Replace(ecPKCS8, "\nM", "\n#", 1), keys.ErrPEM},
		{"cut", ecPKCS8[:len(ecPKCS8)/2], keys.ErrPEM},
		{"two private keys", ecPKCS8 + ecSEC1, keys.ErrPEM},
		{"public key", public, ErrPublicKey},
		{"parameters alone", params, ErrPublicKey},
		{"encrypted, PKCS#8", encodePEM("ENCRYPTED PRIVATE KEY", []byte("sealed")), ErrEncrypted},
		{"encrypted, RFC 1421", encrypted, ErrEncrypted},
		{"OpenSSH", encodePEM("OPENSSH PRIVATE KEY", []byte("openssh-key-v1")), keys.ErrUnsupportedKey},
		{"X25519", encodePEM("PRIVATE KEY", pkcs8(t, x25519)), keys.ErrUnsupportedKey},
		{"rubbish inside", encodePEM("PRIVATE KEY", []byte("rubbish")), keys.ErrUnsupportedKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key, err := ParsePrivatePEM(keys.Secret(tt.text))
			if !errors.Is(err, tt.want) || (err == nil) != (key != nil) {
				t.Fatalf("got %T, %v; want %v", key, err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), "rubbish") || strings.Contains(err.Error(), "sealed")) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

// pkcs8 returns a private key's PKCS#8 form.
func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must.Succeed(t, err)
	return der
}

// A key that is fine as PEM may still not fit.
func TestNewPEMKey(t *testing.T) {
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	text := keys.Secret(encodePEM("PRIVATE KEY", pkcs8(t, ed)))
	if key, err := NewPEMKey("k1", text, keys.EdDSA); err != nil || key.ID() != "k1" || key.Algorithm() != keys.EdDSA {
		t.Errorf("got %v, %v", key, err)
	}
	if _, err := NewPEMKey("k1", text, keys.RS256); !errors.Is(err, keys.ErrKeyMismatch) {
		t.Errorf("Ed25519 for RS256: %v", err)
	}
	if _, err := NewPEMKey("k1", "", keys.RS256); !errors.Is(err, keys.ErrEmpty) {
		t.Errorf("nothing: %v", err)
	}
}
