package keys

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// maxPEMKeys is how many keys one text may hold: a token is tried against no more.
const maxPEMKeys = 8

// ParsePublicPEM reads one or more public keys from PEM blocks that follow one another: SubjectPublicKeyInfo ("PUBLIC
// KEY"), PKCS#1 ("RSA PUBLIC KEY", RFC 8017 A.1.1) or an X.509 certificate, whose dates are not looked at. The key of a
// certificate that issued another one of the text is not taken: of a chain, the first alone signs tokens. Text outside
// the blocks is passed over, as openssl writes some. Errors: ErrEmpty, ErrPEM, ErrPrivateKey, ErrUnsupportedKey, ErrWeakKey.
func ParsePublicPEM(text string) ([]crypto.PublicKey, error) {
	rest := []byte(strings.TrimSpace(text))
	if len(rest) == 0 {
		return nil, ErrEmpty
	}
	blocks := bytes.Count(rest, []byte("-----BEGIN "))
	if blocks == 0 || blocks > maxPEMKeys {
		return nil, fmt.Errorf("%w: it has %d blocks \"-----BEGIN …-----\", 1 to %d are expected", ErrPEM, blocks, maxPEMKeys)
	}
	if bytes.Contains(rest, []byte("PRIVATE KEY-----")) { // also behind other blocks, as openssl's EC PARAMETERS
		return nil, ErrPrivateKey
	}
	var list []publicBlock
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		public, err := parsePublicBlock(block)
		if err != nil {
			return nil, fmt.Errorf("block %d (%s): %w", len(list)+1, clip(block.Type), err)
		}
		list = append(list, public)
	}
	if len(list) != blocks { // pem.Decode passes over a damaged block silently
		return nil, fmt.Errorf("%w: %d of its %d blocks are damaged", ErrPEM, blocks-len(list), blocks)
	}
	return signers(list)
}

// parsePublicBlock reads one PEM block.
func parsePublicBlock(block *pem.Block) (publicBlock, error) {
	public, err := parsePublicDER(block)
	if err != nil && isPrivateDER(block.Bytes) {
		err = ErrPrivateKey
	}
	public.label = clip(block.Type)
	return public, err
}

// parsePublicDER reads the block's bytes as what its label says; the builtin driver read a certificate under any
// label, so that is tried too.
func parsePublicDER(block *pem.Block) (publicBlock, error) {
	if block.Type == "RSA PUBLIC KEY" {
		if public, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
			return publicBlock{key: public}, nil
		}
	}
	if public, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
		return publicBlock{key: public}, nil
	}
	if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
		return publicBlock{key: cert.PublicKey, cert: cert}, nil
	}
	return publicBlock{}, fmt.Errorf("%w: neither a SubjectPublicKeyInfo, nor PKCS#1, nor a certificate", ErrUnsupportedKey)
}

// isPrivateDER reports whether the bytes are a private key under a wrong label.
func isPrivateDER(der []byte) bool {
	if _, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return true
	}
	if _, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return true
	}
	_, err := x509.ParseECPrivateKey(der)
	return err == nil
}
