package jwt

import (
	"bytes"
	"net/url"
)

// urlencoded is application/x-www-form-urlencoded (RFC 6750 §2.2).
type urlencoded struct{}

// values implements bodyFormat.
func (urlencoded) values(body []byte, name string) ([]string, bool) {
	var values []string
	for len(body) > 0 {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte("&"))
		key, value, _ := bytes.Cut(pair, []byte("="))
		if !isField(key, name) {
			continue
		}
		text, err := url.QueryUnescape(string(value))
		if err != nil {
			return nil, false
		}
		values = append(values, text)
	}
	return values, true
}

// without implements bodyFormat.
func (urlencoded) without(body []byte, name string) []byte {
	kept := make([]byte, 0, len(body))
	for first := true; len(body) > 0; {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte("&"))
		key, _, _ := bytes.Cut(pair, []byte("="))
		if isField(key, name) {
			continue
		}
		if !first {
			kept = append(kept, '&')
		}
		first = false
		kept = append(kept, pair...)
	}
	return kept
}

// isField tells whether an encoded key stands for the name.
func isField(key []byte, name string) bool {
	if string(key) == name {
		return true
	}
	text, err := url.QueryUnescape(string(key))
	return err == nil && text == name
}
