package httptoken

import "testing"

// Each byte is compared with the set that the RFC writes out, alone and inside a token.
func TestValid(t *testing.T) {
	const rfc = "!#$%&'*+-.^_`|~" + "0123456789" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz"
	var allowed [256]bool
	for i := range len(rfc) {
		allowed[rfc[i]] = true
	}
	for i := range 256 {
		c := byte(i)
		if Character(c) != allowed[c] || Valid([]byte{c}) != allowed[c] || Valid(string([]byte{'a', c, 'b'})) != allowed[c] {
			t.Errorf("%q is judged wrong, want %t", c, allowed[c])
		}
	}
	for name, want := range map[string]bool{"X-Role": true, "": false, "X-Role ": false, "X\tRole": false, "X:Role": false, "X(": false, "X-R\xc3\xb6le": false} {
		if got := Valid(name); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	}
}
