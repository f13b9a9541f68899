package issuer

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"apinto-jwt/keys"
)

// ParsePrivatePEM reads the one private key of a PEM text (RFC 7468): PKCS#8 ("PRIVATE KEY", RFC 5958), PKCS#1 ("RSA
// PRIVATE KEY", RFC 8017 A.1.2) or SEC 1 ("EC PRIVATE KEY", RFC 5915). Public keys, certificates, "EC PARAMETERS" and
// text beside it are passed over, as openssl and ACME clients write them into one file. Errors: keys.ErrEmpty,
// keys.ErrPEM, keys.ErrUnsupportedKey, ErrPublicKey, ErrEncrypted; none of them shows anything of the text.
func ParsePrivatePEM(text keys.Secret) (crypto.Signer, error) {
	rest := []byte(strings.TrimSpace(text.Reveal()))
	if len(rest) == 0 {
		return nil, keys.ErrEmpty
	}
	var found crypto.Signer
	var private, public int
	blocks := bytes.Count(rest, []byte("-----BEGIN "))
	for range blocks {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil { // pem.Decode passes over a damaged block silently
			return nil, fmt.Errorf("%w: one of its %d blocks is damaged", keys.ErrPEM, blocks)
		}
		if !strings.Contains(block.Type, "PRIVATE KEY") {
			public++
			continue
		}
		private++
		var err error
		if found, err = parsePrivateBlock(block); err != nil {
			return nil, err
		}
	}
	switch {
	case blocks == 0:
		return nil, fmt.Errorf("%w: it has no block \"-----BEGIN …-----\"", keys.ErrPEM)
	case private > 1:
		return nil, fmt.Errorf("%w: it has %d private keys, one is expected", keys.ErrPEM, private)
	case private == 0:
		return nil, ErrPublicKey
	}
	return found, nil
}

// parsePrivateBlock reads one block. Labels and contents are mixed up often enough that the label decides nothing but
// the error.
func parsePrivateBlock(block *pem.Block) (crypto.Signer, error) {
	if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" { // RFC 5958 §3, RFC 1421 §4.6.1.3
		return nil, ErrEncrypted
	}
	if block.Type == "OPENSSH PRIVATE KEY" {
		return nil, fmt.Errorf("an OpenSSH key %w; convert a copy of it with: ssh-keygen -p -m PKCS8 -f FILE", keys.ErrUnsupportedKey)
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if signer, ok := key.(crypto.Signer); ok {
			return signer, nil
		}
		return nil, fmt.Errorf("%T %w", key, keys.ErrUnsupportedKey) // X25519, which signs nothing
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, fmt.Errorf("%w: neither PKCS#8, nor PKCS#1, nor SEC 1", keys.ErrUnsupportedKey)
}
