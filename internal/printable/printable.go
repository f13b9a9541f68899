// Package printable makes foreign texts fit for logs.
package printable

import "strings"

// Text makes a foreign text fit for a log: at most 128 bytes, control characters replaced.
func Text(text string) string {
	const maxBytes = 128
	if len(text) <= maxBytes && plain(text) { // nearly all are
		return strings.Clone(text) // which may share the memory of a request
	}
	out := make([]rune, 0, len(text))
	size := 0
	for _, c := range text {
		if c < 0x20 || c == 0x7f || c >= 0x80 && c < 0xa0 || c == '\u2028' || c == '\u2029' {
			c = '?'
		}
		if size += len(string(c)); size > maxBytes {
			break
		}
		out = append(out, c)
	}
	return string(out)
}

// plain reports whether a text is printable ASCII.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
