package token

import "strings"

// HasForm reports whether a text has the form of a token, whatever is in it. Two forms count. The first is that of a JWS
// in compact serialization (RFC 7515 §3.1): three parts of base64url, of which the signature may be empty (RFC 7519 §6.1).
// The second is any text that a careless reader takes for a JWT: of its parts between dots, the first or the second is the
// base64 of a JSON object. What has neither is a credential of another kind, as an API key.
//
// [Parse] accepts no text without a token's form.
func HasForm(text string) bool {
	header, rest, dotted := strings.Cut(text, ".")
	if !dotted {
		return false
	}
	payload, signature, three := strings.Cut(rest, ".")
	if three && header != "" && payload != "" && isBase64url(header) && isBase64url(payload) && isBase64url(signature) {
		return true
	}
	return encodesObject(header) || encodesObject(payload)
}

// isBase64url reports whether all characters are of the alphabet (RFC 4648 §5), which has no padding here.
func isBase64url(part string) bool {
	for i := range len(part) {
		if six := sixBits[part[i]]; six < 0 || part[i] == '+' || part[i] == '/' {
			return false
		}
	}
	return true
}

// sixBits are the values of base64's characters, in both alphabets (RFC 4648 §4, §5); -1 for any other.
var sixBits = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" {
		table[c] = int8(i)
	}
	table['+'], table['-'], table['/'], table['_'] = 62, 62, 63, 63
	return table
}()

// encodesObject reports whether the part is base64, in either alphabet, of a text that begins as a JSON object does.
func encodesObject(part string) bool {
	var bits, count uint
	opened := false
	for i := range len(part) {
		six := sixBits[part[i]]
		if six < 0 {
			if isSpace(part[i]) {
				continue
			}
			return false
		}
		if bits, count = bits<<6|uint(six), count+6; count < 8 {
			continue
		}
		count -= 8
		switch c := byte(bits >> count & 0xff); {
		case isSpace(c), !opened && (c == 0xef || c == 0xbb || c == 0xbf): // a byte order mark says nothing
		case !opened && c == '{':
			opened = true
		default:
			return opened && (c == '"' || c == '}')
		}
	}
	return false
}

// isSpace reports whether the byte is white space in JSON (RFC 8259 §2).
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
