package keys

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// block returns a PEM block with these bytes.
func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// certificate returns a self-signed certificate that has ended.
func certificate(t testing.TB, key *rsa.PrivateKey) string {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "issuer.test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must.Succeed(t, err)
	return block("CERTIFICATE", der)
}

func TestParsePublicPEM(t *testing.T) {
	rsaKey, ecKey, edKey := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P384()), jwttest.Ed25519Key()
	rsaPEM, ecPEM, edPEM := jwttest.PublicPEM(rsaKey), jwttest.PublicPEM(ecKey), jwttest.PublicPEM(edKey)
	pkcs1 := x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)
	spki, _ := pem.Decode([]byte(rsaPEM))
	cert := certificate(t, rsaKey)
	certDER, _ := pem.Decode([]byte(cert))
	tests := []struct {
		name, text string
		want       []any
	}{
		{"RSA", rsaPEM, []any{&rsaKey.PublicKey}},
		{"EC", ecPEM, []any{&ecKey.PublicKey}},
		{"Ed25519", edPEM, []any{edKey.Public()}},
		{"PKCS1", block("RSA PUBLIC KEY", pkcs1), []any{&rsaKey.PublicKey}},
		{"SubjectPublicKeyInfo under PKCS1's label", block("RSA PUBLIC KEY", spki.Bytes), []any{&rsaKey.PublicKey}},
		{"certificate that has ended", cert, []any{&rsaKey.PublicKey}},
		{"certificate under another label", block("PUBLIC KEY", certDER.Bytes), []any{&rsaKey.PublicKey}},
		{"several", rsaPEM + edPEM + cert + ecPEM, []any{&rsaKey.PublicKey, edKey.Public(), &rsaKey.PublicKey, &ecKey.PublicKey}},
		{"eight", strings.Repeat(edPEM, 8), []any{
			edKey.Public(), edKey.Public(), edKey.Public(), edKey.Public(), edKey.Public(), edKey.Public(), edKey.Public(), edKey.Public(),
		}},
		{"CRLF", strings.ReplaceAll(rsaPEM, "\n", "\r\n"), []any{&rsaKey.PublicKey}},
		{"white space round it", "\n\n  \t" + rsaPEM + "\n ", []any{&rsaKey.PublicKey}},
		{"text round it, as openssl writes", "subject=CN = issuer.test\n" + cert + "\nissuer=CN = issuer.test\n", []any{&rsaKey.PublicKey}},
		{"no line end behind it", strings.TrimSpace(edPEM), []any{edKey.Public()}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParsePublicPEM(test.text)
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("got %v, %v", got, err)
			}
			for i := range got {
				if key, ok := got[i].(interface{ Equal(any) bool }); ok && !key.Equal(test.want[i]) {
					t.Errorf("key %d is another one", i)
				}
				if !samePublic(t, got[i], test.want[i]) {
					t.Errorf("key %d is another one", i)
				}
			}
		})
	}
}

func samePublic(t *testing.T, a, b any) bool {
	t.Helper()
	first, err := x509.MarshalPKIXPublicKey(a)
	must.Succeed(t, err)
	second, err := x509.MarshalPKIXPublicKey(b)
	must.Succeed(t, err)
	return bytes.Equal(first, second)
}

func TestParsePublicPEMRefuses(t *testing.T) {
	rsaKey, ecKey, edKey := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P256()), jwttest.Ed25519Key()
	good := jwttest.PublicPEM(rsaKey)
	ecDER, err := x509.MarshalECPrivateKey(ecKey)
	must.Succeed(t, err)
	pkcs8, _ := pem.Decode([]byte(jwttest.PrivatePEM(edKey)))
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	must.Succeed(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	must.Succeed(t, err)
	tests := []struct {
		name, text string
		err        error
	}{
		{"nothing", "", ErrEmpty},
		{"white space", " \n", ErrEmpty},
		{"no PEM", "a key", ErrPEM},
		{"base64 alone", strings.Join(strings.Split(good, "\n")[1:9], "\n"), ErrPEM},
		{"begin alone", "-----BEGIN PUBLIC KEY-----\n", ErrPEM},
		{"cut", good[:200], ErrPEM},
		{"on one line", strings.ReplaceAll(good, "\n", ""), ErrPEM},
		{"damaged", strings.Replace(good, "MIIB", "M*IB", 1), ErrPEM},
		{"second damaged", good + strings.Replace(good, "MIIB", "M*IB", 1), ErrPEM},
		{"first damaged", strings.Replace(good, "MIIB", "M*IB", 1) + good, ErrPEM},
		{"nine", strings.Repeat(good, 9), ErrPEM},
		{"a million", strings.Repeat("-----BEGIN ", 1<<20), ErrPEM},
		{"private, PKCS8", jwttest.PrivatePEM(rsaKey), ErrPrivateKey},
		{"private, PKCS1", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), ErrPrivateKey},
		{"private, SEC1", block("EC PRIVATE KEY", ecDER), ErrPrivateKey},
		{"private, Ed25519", jwttest.PrivatePEM(edKey), ErrPrivateKey},
		{"private, encrypted", block("ENCRYPTED PRIVATE KEY", []byte("x")), ErrPrivateKey},
		{"private, OpenSSH", block("OPENSSH PRIVATE KEY", []byte("x")), ErrPrivateKey},
		{"private, PKCS8 as public", block("PUBLIC KEY", pkcs8.Bytes), ErrPrivateKey},
		{"private, PKCS1 as public", block("PUBLIC KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), ErrPrivateKey},
		{"private, SEC1 as certificate", block("CERTIFICATE", ecDER), ErrPrivateKey},
		{"private behind public", good + jwttest.PrivatePEM(rsaKey), ErrPrivateKey},
		{"no key in it", block("PUBLIC KEY", []byte("nothing")), ErrUnsupportedKey},
		{"empty block", block("PUBLIC KEY", nil), ErrUnsupportedKey},
		{"parameters", block("EC PARAMETERS", []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}), ErrUnsupportedKey},
		{"PKCS1 under PKIX's label", block("PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)), ErrUnsupportedKey},
		{"P-224", jwttest.PublicPEM(p224), ErrUnsupportedKey},
		{"RSA of 1024 bits", jwttest.PublicPEM(small), ErrWeakKey},
		{"RSA of 1024 bits behind another", good + jwttest.PublicPEM(small), ErrWeakKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParsePublicPEM(test.text)
			if !errors.Is(err, test.err) || got != nil {
				t.Fatalf("got %v, %v, want %v", got, err, test.err)
			}
			if len(err.Error()) > 300 {
				t.Errorf("the error shows too much: %s", err)
			}
		})
	}
}

// No text crashes the reading of keys, and a key that is read is one that some algorithm may use.
func FuzzPEM(f *testing.F) {
	edPEM := jwttest.PublicPEM(jwttest.Ed25519Key())
	ecPEM := jwttest.PublicPEM(jwttest.ECKey(elliptic.P256()))
	for _, seed := range []string{
		"", "-----BEGIN PUBLIC KEY-----", edPEM, ecPEM, edPEM + ecPEM, "text\n" + edPEM + "text", jwttest.PrivatePEM(jwttest.Ed25519Key()),
		jwttest.PublicPEM(jwttest.RSAKey(2048)), certificate(f, jwttest.RSAKey(2048)), "-----BEGIN A-----\nB: c\n\nAAAA\n-----END A-----\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParsePublicPEM(text)
		if (err == nil) != (len(list) > 0) || len(list) > maxPEMKeys {
			t.Fatalf("%d keys, %v", len(list), err)
		}
		for _, public := range list {
			fitting := Fitting(public)
			if len(fitting) == 0 {
				t.Fatalf("%T fits nothing", public)
			}
			key, err := NewPublicKey("", public, fitting...)
			if err != nil || key.String() == "" {
				t.Fatalf("%T: %v", public, err)
			}
			if private, ok := public.(ed25519.PrivateKey); ok {
				t.Fatalf("a private key: %T", private)
			}
		}
		if err != nil && len(err.Error()) > 400 {
			t.Fatalf("an error of %d bytes", len(err.Error()))
		}
	})
}
