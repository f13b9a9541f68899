package token

import (
	"encoding/base64"
	"strings"
	"unsafe"
)

// MaxSize is the longest token that is looked at, in bytes.
const MaxSize = 16 << 10

// Compact is a JWS in compact serialization (RFC 7515 §3.1) that is well-formed; nothing in it is proven.
type Compact struct {
	raw          string
	signingInput string // raw up to the second dot
	signature64  string // raw after the second dot
	header       header
	payload      string
	signature    []byte
	buffer       []byte // what header, payload and signature stand in
}

// base64url is the encoding of RFC 7515 §2, with canonical trailing bits.
var base64url = base64.RawURLEncoding.Strict()

// ParseCompact reads a JWS in compact serialization: at most MaxSize bytes, exactly two dots, base64url without
// padding, white space or stray trailing bits, and a header that is understood (see header.go). What the payload
// is does not matter. Errors are *Error with TokenTooLarge, TokenMalformed or CriticalUnknown.
func ParseCompact(raw string) (*Compact, error) {
	first, second, err := form(raw)
	if err != nil {
		return nil, err
	}
	c := new(Compact)
	if err := c.parse(raw, first, second); err != nil {
		return nil, err
	}
	return c, nil
}

// parse fills c, with the two dots where form has found them. The three parts are decoded into one buffer, which is
// never written again.
func (c *Compact) parse(raw string, first, second int) *Error {
	c.raw, c.signingInput, c.signature64 = raw, raw[:second], raw[second+1:]
	if need := base64url.DecodedLen(len(raw)); cap(c.buffer) < need {
		c.buffer = make([]byte, 0, need)
	}
	buffer := c.buffer[:0]
	headerPart, buffer, ok := decode(buffer, raw[:first])
	if !ok {
		return errHeader64
	}
	if err := c.header.Parse(textOf(headerPart)); err != nil {
		return syntax("header", err)
	}
	payload, buffer, ok := decode(buffer, raw[first+1:second])
	if !ok {
		return errPayload64
	}
	c.signature, _, ok = decode(buffer, c.signature64)
	if !ok {
		return errSignature64
	}
	c.payload = textOf(payload)
	return c.header.read()
}

// The refusals of a form that is none; they are the same for every token.
var (
	errTooLarge    = refuse(TokenTooLarge, "", "it is longer than 16 KiB")
	errNoDot       = refuse(TokenMalformed, "", "it has no dot, two are expected")
	errOneDot      = refuse(TokenMalformed, "", "it has one dot, two are expected")
	errManyDots    = refuse(TokenMalformed, "", "it has more than two dots; encrypted tokens (JWE) are not accepted")
	errNoObject    = &Error{Reason: TokenMalformed, Part: "header", Detail: "is not a JSON object"}
	errHeader64    = refuse(TokenMalformed, "header", "is not base64url without padding")
	errPayload64   = refuse(TokenMalformed, "payload", "is not base64url without padding")
	errSignature64 = refuse(TokenMalformed, "signature", "is not base64url without padding")
)

// form finds the two dots that part a token, and looks whether the header can be an object: a "{" begins with "e" in
// base64url, and white space before it with "I", "C" or "D". Most garbage goes no further.
func form(raw string) (first, second int, err *Error) {
	first, second, err = dots(raw)
	if err != nil {
		return 0, 0, err
	}
	switch c := raw[0]; {
	case c == 'e', c == 'I', c == 'C', c == 'D':
		return first, second, nil
	case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		return 0, 0, errNoObject
	}
	return 0, 0, errHeader64
}

// dots finds the two dots that part a token. Length comes first, and dots beyond the third are never counted, so that
// the work does not grow with them.
func dots(raw string) (first, second int, err *Error) {
	if len(raw) > MaxSize {
		return 0, 0, errTooLarge
	}
	first = strings.IndexByte(raw, '.')
	if first < 0 {
		return 0, 0, errNoDot
	}
	second = strings.IndexByte(raw[first+1:], '.')
	if second < 0 {
		return 0, 0, errOneDot
	}
	second += first + 1
	if strings.IndexByte(raw[second+1:], '.') >= 0 {
		return 0, 0, errManyDots
	}
	return first, second, nil
}

// decode appends the decoded segment to the buffer, which has room for it.
func decode(buffer []byte, segment string) (part, rest []byte, ok bool) {
	start := len(buffer)
	room := buffer[start : start+base64url.DecodedLen(len(segment))]
	n, err := base64url.Decode(room, bytesOf(segment))
	// Go's decoders pass over line ends: then less comes out than there should, but if four and one came in.
	if err != nil || n != len(room) || len(segment)%4 == 1 {
		return nil, buffer, false
	}
	return room[:n:n], buffer[:start+n], true
}

// textOf returns a string over bytes that are never written again.
func textOf(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // saves a copy of each part
}

// bytesOf returns a string's bytes without a copy; they are only read.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // saves a copy of each part
}

// UntrustedHeader returns the decoded header, as JSON text.
func (c *Compact) UntrustedHeader() string { return c.header.Text() }

// UntrustedPayload returns the decoded payload.
func (c *Compact) UntrustedPayload() string { return c.payload }

// UntrustedAlgorithm returns the header's "alg" (RFC 7515 §4.1.1).
func (c *Compact) UntrustedAlgorithm() string { return c.header.algorithm }

// UntrustedType returns the header's "typ" (RFC 7515 §4.1.9), empty if there is none.
func (c *Compact) UntrustedType() string { return c.header.typ }

// UntrustedKeyID returns the header's "kid" (RFC 7515 §4.1.4); false if there is none.
func (c *Compact) UntrustedKeyID() (string, bool) { return c.header.keyID, c.header.hasKeyID }
