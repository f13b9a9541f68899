package keys

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// authority is who issues certificates. The zero value makes those that sign themselves.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// issue makes a certificate for the key.
func (a authority) issue(t *testing.T, name string, key crypto.Signer, ca bool) authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0),
		BasicConstraintsValid: true, IsCA: ca,
	}
	if a.key == nil {
		a = authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	must.Succeed(t, err)
	cert, err := x509.ParseCertificate(der)
	must.Succeed(t, err)
	return authority{cert, key}
}

// pem returns its certificate.
func (a authority) pem() string { return block("CERTIFICATE", a.cert.Raw) }

// The key of a certificate that issued another one of the text is not taken.
func TestCertificateChain(t *testing.T) {
	rootKey, middleKey, leafKey, otherKey := jwttest.RSAKey(2048), jwttest.OtherECKey(elliptic.P256()), jwttest.ECKey(elliptic.P256()), jwttest.Ed25519Key()
	root := authority{}.issue(t, "root", rootKey, true)
	middle := root.issue(t, "middle", middleKey, true)
	leaf := middle.issue(t, "leaf", leafKey, false)
	alone := authority{}.issue(t, "leaf", otherKey, false)           // of the leaf's name
	impostor := authority{}.issue(t, "middle", otherKey, true)       // of the issuer's name, and not the issuer
	weak := authority{}.issue(t, "weak", jwttest.RSAKey(1024), true) // no key for tokens
	ofWeak := weak.issue(t, "of weak", leafKey, false)
	noCA := authority{}.issue(t, "no authority", middleKey, false) // as openssl req -x509 of old makes them
	ofNoCA := noCA.issue(t, "of no authority", leafKey, false)
	plain := jwttest.PublicPEM(middleKey)                    // the issuer's key, given by itself
	renewed := authority{}.issue(t, "leaf", otherKey, false) // self-signed, as it is itself
	one, two := authority{}.issue(t, "one", middleKey, true), authority{}.issue(t, "two", otherKey, true)
	crossed, mutual := two.issue(t, "one", middleKey, true), one.issue(t, "two", otherKey, true)
	tests := []struct {
		name, text string
		want       []crypto.Signer
	}{
		{"leaf and issuer", leaf.pem() + middle.pem(), []crypto.Signer{leafKey}},
		{"leaf, issuer and root", leaf.pem() + middle.pem() + root.pem(), []crypto.Signer{leafKey}},
		{"in another order", root.pem() + middle.pem() + leaf.pem(), []crypto.Signer{leafKey}},
		{"leaf and root without the one between", leaf.pem() + root.pem(), []crypto.Signer{leafKey, rootKey}},
		{"chain and another key", leaf.pem() + middle.pem() + jwttest.PublicPEM(otherKey), []crypto.Signer{leafKey, otherKey}},
		{"two of one issuer", leaf.pem() + middle.issue(t, "leaf 2", otherKey, false).pem() + middle.pem(), []crypto.Signer{leafKey, otherKey}},
		{"two that are unrelated", leaf.pem() + alone.pem(), []crypto.Signer{leafKey, otherKey}},
		{"another of the issuer's name", leaf.pem() + impostor.pem(), []crypto.Signer{leafKey, otherKey}},
		{"self-signed, twice", renewed.pem() + renewed.pem(), []crypto.Signer{otherKey, otherKey}},
		{"issuer alone", middle.pem(), []crypto.Signer{middleKey}},
		{"the issuer's key as a key", leaf.pem() + middle.pem() + plain, []crypto.Signer{leafKey, middleKey}},
		{"issuer with a key that tokens cannot have", ofWeak.pem() + weak.pem(), []crypto.Signer{leafKey}},
		{"each issued the other", crossed.pem() + mutual.pem(), []crypto.Signer{middleKey}},
		{"issuer that says it is none", ofNoCA.pem() + noCA.pem(), []crypto.Signer{leafKey}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParsePublicPEM(test.text)
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("got %d keys, %v, want %d", len(got), err, len(test.want))
			}
			for i := range got {
				if !samePublic(t, got[i], test.want[i].Public()) {
					t.Errorf("key %d is another one", i)
				}
			}
		})
	}
}
