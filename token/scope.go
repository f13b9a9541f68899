package token

import "strings"

// IsScope reports whether a text has the characters of one scope (RFC 6749 §3.3): printable ASCII without blanks, quotes and
// backslashes.
func IsScope(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' })
}
