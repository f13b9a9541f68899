// Package leak finds secrets where none may be. A run registers every token, secret, private key and password that it
// uses, keeps the logs, answers and error texts that it has seen, and at its end looks for the ones in the others.
package leak

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Kind says what a secret is.
type Kind string

// The kinds of secrets.
const (
	Token    Kind = "token"    // a token's payload or signature, or a token without parts
	Password Kind = "password" // of a user
	Stored   Kind = "stored"   // what the gateway's configuration holds: a secret, a private key, a password's hash
)

// shortest is the length from which a text is looked for: shorter ones stand in logs by chance.
const shortest = 8

// signaturePrefix is how much of a signature is looked for: a part of a token is not to be seen either.
const signaturePrefix = 24

// Secrets are what must not be seen. All methods can be called at any time from anywhere.
type Secrets struct {
	mu    sync.Mutex
	kinds map[string]Kind
}

// add registers a text as it stands.
func (s *Secrets) add(kind Kind, text string) {
	if len(text) < shortest || strings.Count(text, text[:1]) == len(text) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kinds == nil {
		s.kinds = map[string]Kind{}
	}
	if s.kinds[text] != Stored { // what is stored may be seen in more places
		s.kinds[text] = kind
	}
}

// Size is the number of texts that are looked for.
func (s *Secrets) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kinds)
}

// Token registers a token: payload and signature, and with them every longer part of it. The header is no secret.
func (s *Secrets) Token(raw string) {
	parts := strings.Split(raw, ".")
	if len(parts) < 3 {
		s.add(Token, raw)
		return
	}
	if len(parts[1]) >= 2*shortest {
		s.add(Token, parts[1])
	}
	s.add(Token, parts[2][:min(len(parts[2]), signaturePrefix)])
}

// tokens is what looks like a token of three parts.
var tokens = regexp.MustCompile(`[\w-]{8,}\.[\w-]*\.[\w-]*`)

// Tokens registers every token that stands in the text.
func (s *Secrets) Tokens(text string) {
	for _, raw := range tokens.FindAllString(text, -1) {
		s.Token(raw)
	}
}

// Secret registers a text and the forms in which it could be written.
func (s *Secrets) Secret(kind Kind, text string) {
	if strings.Contains(text, "-----BEGIN") {
		s.pem(text)
		return
	}
	escaped, _ := json.Marshal(text) // a string always can be
	for _, form := range []string{
		text, strings.Trim(string(escaped), `"`), strings.Trim(strconv.Quote(text), `"`), url.QueryEscape(text),
		hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))),
		base64.RawStdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)),
	} {
		if len(text) >= shortest {
			s.add(kind, form)
		}
	}
}

// pem registers the lines of private keys in PEM.
func (s *Secrets) pem(text string) {
	private := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "-----"):
			private = strings.Contains(line, "BEGIN") && strings.Contains(line, "PRIVATE")
		case private && len(line) >= 2*shortest:
			s.add(Stored, line)
		}
	}
}

// Key registers a secret or a private key as the functions of jwttest take it: PEM, the JWK's members, and hex.
func (s *Secrets) Key(key any) {
	var numbers []*big.Int
	switch key := key.(type) {
	case string:
		s.Secret(Stored, key)
		return
	case []byte:
		s.Secret(Stored, string(key))
		return
	case *rsa.PrivateKey:
		numbers = append([]*big.Int{key.D, key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv}, key.Primes...)
	case *ecdsa.PrivateKey:
		numbers = []*big.Int{key.D}
	case ed25519.PrivateKey:
		numbers = []*big.Int{new(big.Int).SetBytes(key.Seed())}
	default:
		return
	}
	for _, n := range numbers {
		s.Secret(Stored, string(n.Bytes()))
		s.add(Stored, n.String())
	}
	if der, err := x509.MarshalPKCS8PrivateKey(key); err == nil {
		encoded := base64.StdEncoding.EncodeToString(der)
		for ; len(encoded) > 64; encoded = encoded[64:] { // the lines of PEM
			s.add(Stored, encoded[:64])
		}
	}
}

// secretMembers are the members of the admin API's JSON, and of a JWK (RFC 7518 §6), that hold a secret.
var secretMembers = map[string]bool{
	"secret": true, "private_key": true, "password": true, "rsa_public_key": true, // a private key may be there by mistake
	"k": true, "d": true, "p": true, "q": true, "dp": true, "dq": true, "qi": true,
}

// Configuration registers the secrets in a JSON text for the admin API.
func (s *Secrets) Configuration(text []byte) {
	var value any
	if json.Unmarshal(text, &value) == nil {
		s.walk(value)
	}
}

func (s *Secrets) walk(value any) {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			s.walk(one)
		}
	case map[string]any:
		for name, one := range value {
			text, isText := one.(string)
			switch {
			case isText && secretMembers[name] && (name != "rsa_public_key" || strings.Contains(text, "-----BEGIN")):
				s.Secret(Stored, text)
			case isText && name == "jwks":
				s.Configuration([]byte(text))
			default:
				s.walk(one)
			}
		}
	}
}
