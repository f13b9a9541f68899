package inspect

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxParts is how many parts of a token are told apart: an encrypted one (JWE, RFC 7516 §3.1) has five.
const maxParts = 5

// maxIndent is how deep JSON may be nested to be indented; the parser refuses what is deeper.
const maxIndent = 64

// Part is one part of a token, decoded as far as that goes.
type Part struct {
	Encoded string
	Text    string // What is decoded of it.
	Problem string // What keeps it from being base64url; empty if nothing does.
	Offset  int    // Place of the problem, in bytes of Encoded.
}

// newPart decodes a part.
func newPart(encoded string) Part {
	p := Part{Encoded: encoded, Text: string(decodeLoosely(encoded))}
	p.Offset, p.Problem = base64Problem(encoded)
	return p
}

// Valid reports whether the part is JSON in UTF-8 that may be indented: a few kilobytes of brackets in one another would
// become hundreds of megabytes.
func (p Part) Valid() bool {
	return utf8.ValidString(p.Text) && json.Valid([]byte(p.Text)) && nesting(p.Text) <= maxIndent
}

// nesting returns how deep objects and arrays stand in one another in valid JSON.
func nesting(text string) int {
	depth, deepest, inString := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case inString:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// Pretty returns the decoded text, indented if it is JSON. Nothing but white space changes: numbers keep their digits,
// members their order.
func (p Part) Pretty() string {
	var b bytes.Buffer
	if p.Valid() && json.Indent(&b, []byte(strings.TrimSpace(p.Text)), "", "  ") == nil {
		return b.String()
	}
	return p.Text
}

// loose turns other ways to write base64 into base64url without padding.
var loose = strings.NewReplacer("+", "-", "/", "_", "=", "", "\r", "", "\n", "", "\t", "", " ", "")

// decodeLoosely decodes what can be decoded: either alphabet, padding and white space passed over, up to a character that
// is none of base64.
func decodeLoosely(encoded string) []byte {
	text, _ := base64.RawURLEncoding.DecodeString(loose.Replace(encoded)) // what comes before an error is decoded
	return text
}

// base64Problem says what keeps a part from being base64url (RFC 7515 §2), and at which byte; "" for nothing.
func base64Problem(encoded string) (offset int, problem string) {
	for i, c := range []byte(encoded) {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '=':
			return i, "padding (=), which base64url in tokens does not have"
		case c == '+', c == '/':
			return i, "the standard alphabet of base64 (+ and /); base64url has - and _"
		case c == ' ', c == '\t', c == '\r', c == '\n':
			return i, "white space or a line break"
		default:
			return i, "a character that is not base64url"
		}
	}
	if len(encoded)%4 == 1 {
		return len(encoded) - 1, "one character too many or too few: it has been cut, or something was added"
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(encoded); err != nil {
		return len(encoded) - 1, "a last character with bits that must be zero"
	}
	return 0, ""
}
