package keys

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// redacted is printed in the place of a secret.
const redacted = "[redacted]"

// Secret is a text that must not be seen: a shared secret, a private key, a password hash. It prints as "[redacted]"
// with every verb of fmt but %p and %w: they are for pointers and errors, and of anything else fmt shows the text without
// asking it. Nor can fmt ask what is in an unexported field of a struct. Neither is to be printed. JSON carries the secret
// as it is, because the gateway stores configurations as JSON.
type Secret string

// String returns "[redacted]", or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString redacts %#v.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// Format redacts every verb that fmt asks for, %x among them.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') || verb == 'q' {
		_, _ = fmt.Fprint(f, s.GoString())
		return
	}
	_, _ = fmt.Fprint(f, s.String())
}

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Bytes decodes the secret: the text's own bytes, or, when isBase64, what its base64 (RFC 4648 §4 or §5, padded or
// not) stands for. Unused bits must be zero and there is no white space inside; a line end after it is ignored.
// The error is ErrEmpty or ErrBase64 and never shows the secret.
func (s Secret) Bytes(isBase64 bool) ([]byte, error) {
	if !isBase64 {
		if strings.TrimSpace(string(s)) == "" {
			return nil, ErrEmpty
		}
		return []byte(s), nil
	}
	text := strings.TrimRight(strings.TrimSpace(string(s)), "=")
	if text == "" {
		return nil, ErrEmpty
	}
	if strings.ContainsAny(text, "\r\n") { // Go's decoder would skip them
		return nil, fmt.Errorf("%w: it has a line break inside", ErrBase64)
	}
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	secret, err := encoding.Strict().DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: use the standard or the URL alphabet, with or without padding", ErrBase64)
	}
	return secret, nil
}
