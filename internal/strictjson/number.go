package strictjson

import "strings"

// Number is a JSON number (RFC 8259 §6) that is compared by its value, exactly: 2, 2.0 and 20e-1 are equal. The zero value
// is 0. It shares the memory of the text it was read from.
type Number struct {
	negative bool
	digits   string // from the first that is not 0 to the last one, the dot among them; empty: 0
	exponent int    // of the first digit, as a power of ten
}

// maxExponent bounds exponents: no float comes near, and sums of them do not overflow.
const maxExponent = 1 << 30

// ParseNumber reads a JSON number. False for any other text, and for an exponent beyond ±2^30.
func ParseNumber(text string) (n Number, ok bool) {
	s := scanner{text: text}
	if c := s.peek(); c != '-' && !IsDigit(c) || !s.number() || s.pos != len(text) {
		return n, false
	}
	if text[0] == '-' {
		n.negative, text = true, text[1:]
	}
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		if n.exponent, ok = parseExponent(text[at+1:]); !ok {
			return Number{}, false
		}
		text = text[:at]
	}
	dot := strings.IndexByte(text, '.')
	if dot < 0 {
		dot = len(text)
	} else {
		text = strings.TrimRight(text, "0")
	}
	first := strings.IndexAny(text, "123456789")
	if first < 0 {
		return Number{}, true
	}
	if first < dot {
		n.exponent += dot - first - 1
	} else {
		n.exponent += dot - first
	}
	n.digits = strings.TrimRight(text[first:], "0.")
	return n, true
}

// parseExponent reads what stands behind the "e".
func parseExponent(text string) (exponent int, ok bool) {
	negative := text[0] == '-'
	for _, c := range []byte(strings.TrimLeft(text, "+-")) {
		if exponent = exponent*10 + int(c-'0'); exponent > maxExponent {
			return 0, false
		}
	}
	if negative {
		exponent = -exponent
	}
	return exponent, true
}

// Equal reports whether the numbers have the same value. -0 is 0.
func (n Number) Equal(other Number) bool {
	if n.digits == "" || other.digits == "" {
		return n.digits == other.digits
	}
	if n.negative != other.negative || n.exponent != other.exponent {
		return false
	}
	a, b := n.digits, other.digits
	for a != "" && b != "" {
		switch {
		case a[0] == '.':
			a = a[1:]
		case b[0] == '.':
			b = b[1:]
		case a[0] != b[0]:
			return false
		default:
			a, b = a[1:], b[1:]
		}
	}
	return a == "" && b == ""
}

// Digits returns how many digits it has without zeros at its ends: 1 for 200, 3 for 0.205, 0 for 0.
func (n Number) Digits() int {
	return len(n.digits) - strings.Count(n.digits, ".")
}

// IsWhole reports whether it has no fraction: 2.0 and 2e3 have none.
func (n Number) IsWhole() bool {
	return n.Digits() <= n.exponent+1 || n.digits == ""
}
