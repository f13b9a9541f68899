package driver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// chainKey is a key with a certificate, issued by another one or by itself.
type chainKey struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	text string
}

func certified(t *testing.T, name string, ca bool, by *chainKey) *chainKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must.Succeed(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, IsCA: ca, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	must.Succeed(t, err)
	cert, err := x509.ParseCertificate(der)
	must.Succeed(t, err)
	return &chainKey{key, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// Of a chain of certificates the first key alone makes tokens; two chains are two keys. What an issuer has not signed, though
// it has the issuer's name, is no part of a chain; what is no certificate ends one.
func TestCertificateChains(t *testing.T) {
	e := rig.Shared(t)
	root, other := certified(t, "root", true, nil), certified(t, "root", true, nil)
	middle := certified(t, "middle", true, root)
	leaf, second, deep := certified(t, "leaf", false, root), certified(t, "second", false, middle), certified(t, "deep", false, middle)
	third, alone := certified(t, "third", false, middle), certified(t, "alone", false, nil)
	all := []*chainKey{root, other, middle, leaf, second, deep, third, alone}
	plain := jwttest.PublicPEM(alone.key)
	for name, test := range map[string]struct {
		text string
		yes  []*chainKey // no other key's token is accepted
	}{
		"leaf and issuers":       {second.text + middle.text + root.text, []*chainKey{second}},
		"leaf and issuer":        {second.text + middle.text, []*chainKey{second}},
		"words between":          {second.text + "subject=middle\n" + middle.text, []*chainKey{second}},
		"two leaves, one issuer": {second.text + third.text + middle.text + root.text, []*chainKey{second, third}},
		"two chains":             {second.text + middle.text + root.text + third.text + middle.text, []*chainKey{second, third}},
		"chain and a key":        {second.text + middle.text + plain, []*chainKey{second, alone}},
		"self-signed two":        {alone.text + second.text, []*chainKey{alone, second}},
		"self-signed twice":      {alone.text + alone.text, []*chainKey{alone}},
		"issuer alone":           {middle.text, []*chainKey{middle}},
		"line ends of Windows":   {strings.ReplaceAll(leaf.text+root.text, "\n", "\r\n"), []*chainKey{leaf}},
		"blank lines":            {"\n\n" + leaf.text + "\n\n" + root.text + "\n", []*chainKey{leaf}},
		"issuer twice":           {leaf.text + root.text + root.text, []*chainKey{leaf}},
		"leaf twice":             {leaf.text + leaf.text + root.text, []*chainKey{leaf}},
		"four":                   {deep.text + middle.text + root.text, []*chainKey{deep}},
		"chain behind a key":     {jwttest.PublicPEM(other.key) + leaf.text + root.text, []*chainKey{other, leaf}},
		"leaves of two levels":   {leaf.text + deep.text + middle.text + root.text, []*chainKey{leaf, deep}},
	} {
		t.Run(name, func(t *testing.T) {
			app := rig.KeyApp("Accchain", gateway.Rule{"algorithm": "ES256", "rsa_public_key": test.text, "path": "sub"})
			e.Add(t, app)
			sign := func(k *chainKey) rig.Call {
				return rig.InHeader("X-Accchain", jwttest.Sign(t, "ES256", k.key, nil, rig.Claims{"sub": "ann", "jti": fmt.Sprint(rig.TokenNumber.Add(1))}))
			}
			for _, k := range test.yes {
				e.Accept(t, e.Node, sign(k))
			}
			for _, k := range all {
				if slices.Contains(test.yes, k) {
					continue
				}
				if err := e.Send(t, e.Node, sign(k)).Refused(); err != nil {
					t.Errorf("key of %s: %v", k.cert.Subject.CommonName, err)
				}
			}
			if err := e.Node.Delete(t.Context(), app); err != nil {
				t.Error(err)
			}
		})
	}
}
