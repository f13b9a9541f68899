// Package httptoken knows the tokens of HTTP (RFC 9110 §5.6.2): names of header fields and of cookies, and the like.
package httptoken

import "strings"

// Marks are the characters of a token beside letters and digits.
const Marks = "!#$%&'*+-.^_`|~"

// Valid reports whether the text is a token: one character or more, each of a token.
func Valid[T string | []byte](text T) bool {
	for _, c := range []byte(text) {
		if !Character(c) {
			return false
		}
	}
	return len(text) > 0
}

// Character reports whether a token may have the character.
func Character(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(Marks, c) >= 0
}
