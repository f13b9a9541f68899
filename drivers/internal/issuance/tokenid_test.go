package issuance

import "testing"

// session is a session's part of a token's ID.
const session = "the-session-of-a-login"

func TestMinted(t *testing.T) {
	one, two := NewTokenID(session), NewTokenID(session)
	if one == two || !minted(one) || !minted(two) {
		t.Errorf("%s, %s", one, two)
	}
	for _, id := range []string{"", "1", "a.b", session, session + ".1234567", session + ".123456789", session[1:] + ".12345678", session + ".1234.678.1"} {
		if minted(id) {
			t.Errorf("%q is one of the gateway's", id)
		}
	}
}
