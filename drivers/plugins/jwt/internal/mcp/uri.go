package mcp

import "strings"

// plain reports whether a URI is written as all readers would write it (RFC 3986 §6.2.2): scheme and host in lower case,
// no empty, "." and ".." segments, nothing encoded that need not be, and nothing encoded that parts segments.
func plain(uri string) bool {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok || strings.ToLower(scheme) != scheme {
		return false
	}
	path := rest
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		end := strings.IndexAny(after, "/?#")
		if end < 0 {
			end = len(after)
		}
		if strings.ToLower(after[:end]) != after[:end] || !plainText(after[:end]) {
			return false
		}
		path = after[end:]
	}
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	return plainText(path) && plainSegments(strings.TrimPrefix(path, "/"))
}

// plainSegments reports whether no segment of a path is empty, but the last, or leads elsewhere.
func plainSegments(path string) bool {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if segment == "." || segment == ".." || segment == "" && i < len(segments)-1 {
			return false
		}
	}
	return true
}

// plainText reports whether nothing in a text has a second spelling.
func plainText(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c <= ' ' || c == 0x7f || c == '\\':
			return false
		case c == '%' && !plainEscape(text[i:]):
			return false
		}
	}
	return true
}

// plainEscape reports whether an escape is one that must be there, in capital letters.
func plainEscape(text string) bool {
	const digits = "0123456789ABCDEF"
	if len(text) < 3 {
		return false
	}
	high, low := strings.IndexByte(digits, text[1]), strings.IndexByte(digits, text[2])
	if high < 0 || low < 0 {
		return false
	}
	c := byte(high<<4 | low) //nolint:gosec // two digits
	unreserved := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte("-._~", c) >= 0
	return !unreserved && c != '/' && c != '\\' && c >= ' ' && c != 0x7f
}
