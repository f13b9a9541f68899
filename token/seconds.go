package token

// ParseSeconds reads a NumericDate (RFC 7519 §2) that stands outside a token, as the text of a JSON number.
func ParseSeconds(text string) (float64, bool) {
	var d NumericDate
	if text == "" || !number(text) || d.parse(text, "") != nil {
		return 0, false
	}
	return d.seconds, true
}

// number reports whether the text has only what a JSON number is made of: ParseFloat takes "0x1p-2" and "1_0" too.
func number(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return false
		}
	}
	return true
}
