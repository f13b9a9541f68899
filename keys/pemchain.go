package keys

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
)

// publicBlock is the content of one PEM block.
type publicBlock struct {
	label string
	key   crypto.PublicKey
	cert  *x509.Certificate // nil: a key by itself
}

// signers returns the keys of all blocks but the issuers of others. They must be of a kind and size for tokens.
func signers(blocks []publicBlock) ([]crypto.PublicKey, error) {
	list := make([]crypto.PublicKey, 0, len(blocks))
	for i, b := range blocks {
		if slices.ContainsFunc(blocks, b.issued) {
			continue
		}
		if _, err := kindOf(b.key); err != nil {
			return nil, fmt.Errorf("block %d (%s): %w", i+1, b.label, err)
		}
		list = append(list, b.key)
	}
	if len(list) == 0 { // each issued another one
		return signers(blocks[:1])
	}
	return list, nil
}

// issued reports whether the block is the certificate of who issued the other one. Who issued itself does not count.
func (b publicBlock) issued(other publicBlock) bool {
	if b.cert == nil || other.cert == nil || !same(b.cert.RawSubject, other.cert.RawIssuer) ||
		same(b.cert.RawSubjectPublicKeyInfo, other.cert.RawSubjectPublicKeyInfo) {
		return false
	}
	err := b.cert.CheckSignature(other.cert.SignatureAlgorithm, other.cert.RawTBSCertificate, other.cert.Signature)
	var insecure x509.InsecureAlgorithmError
	if errors.As(err, &insecure) || errors.Is(err, x509.ErrUnsupportedAlgorithm) { // names and key IDs are all there is to go by
		return len(other.cert.AuthorityKeyId) == 0 || same(other.cert.AuthorityKeyId, b.cert.SubjectKeyId)
	}
	return err == nil
}

// same reports whether two parts of certificates, which are public, are equal.
func same(a, b []byte) bool { return string(a) == string(b) }
