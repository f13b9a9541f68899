package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// The documented example. Tokens are signed here with the standard library:
// the gateway must take what others make.
const (
	documentedHeader  = `{"alg":"HS256","typ":"JWT"}`
	documentedPayload = `{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`
	documentedSecret  = "apinto"
)

func documented() string { return sign(documentedSecret, documentedHeader, documentedPayload) }

// sign makes a compact JWS with HMAC-SHA-256 (RFC 7515 §7.1).
func sign(secret, header, payload string) string {
	input := encode([]byte(header)) + "." + encode([]byte(payload))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil))
}

func signed(secret, issuer, name string, expires time.Time) string {
	return sign(secret, documentedHeader, fmt.Sprintf(`{"iss":%q,"name":%q,"exp":%d}`, issuer, name, expires.Unix()))
}

// unsigned has no signature at all.
func unsigned(header, payload string) string {
	return encode([]byte(header)) + "." + encode([]byte(payload)) + "."
}

// part replaces one of a token's three parts.
func part(token string, index int, content string) string {
	parts := strings.Split(token, ".")
	parts[index] = content
	return strings.Join(parts, ".")
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
