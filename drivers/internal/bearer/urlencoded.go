package bearer

import (
	"bytes"
	"encoding/hex"
	"net/url"
	"slices"
)

// urlencoded is application/x-www-form-urlencoded (RFC 6750 §2.2).
type urlencoded struct{}

// each implements bodyFormat.
func (urlencoded) each(body []byte, name string, visit func(string)) bool {
	for len(body) > 0 {
		var pair []byte
		pair, body, _ = bytes.Cut(body, []byte("&"))
		key, value, _ := bytes.Cut(pair, []byte("="))
		if !isField(key, name) {
			continue
		}
		text, err := url.QueryUnescape(string(value))
		if err != nil {
			return false
		}
		visit(text)
	}
	return true
}

// without implements bodyFormat.
func (urlencoded) without(body []byte, name string) []byte {
	pairs := bytes.Split(body, []byte("&"))
	return bytes.Join(slices.DeleteFunc(pairs, func(pair []byte) bool {
		key, _, _ := bytes.Cut(pair, []byte("="))
		return isField(key, name)
	}), []byte("&"))
}

// isField reports whether an encoded key stands for the name. It is [url.QueryUnescape] without a copy of the key, of which
// a body may have half a million.
func isField(key []byte, name string) bool {
	if string(key) == name {
		return true
	}
	at := 0
	for i := 0; i < len(key); i++ {
		c := key[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			var one [1]byte
			if i+2 >= len(key) {
				return false
			}
			if _, err := hex.Decode(one[:], key[i+1:i+3]); err != nil {
				return false
			}
			c, i = one[0], i+2
		}
		if at == len(name) || name[at] != c {
			return false
		}
		at++
	}
	return at == len(name)
}
