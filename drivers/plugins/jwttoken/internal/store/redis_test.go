package store

import "testing"

// The keys are those that are in use: a gateway of another version has to find what this one has stored.
func TestKeys(t *testing.T) {
	const family = "owner-------and-what-is-random-"
	named := NewFamily("o")
	for _, tt := range []struct{ got, want string }{
		{familyKey(family), "apinto-jwt:family:" + digest(family)},
		{familyKey(named), "apinto-jwt:{" + named[:12] + "}:family:" + digest(named)},
		{sessionsKey(named), "apinto-jwt:{" + named[:12] + "}:sessions"},
		{counterKey("user\x00shop\x00ann"), "apinto-jwt:tries:" + digest("user\x00shop\x00ann")},
		{revokedField("f.1"), "r:" + digest("f.1")},
		{digest("f.1"), "78018998571f20116197934871991709"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}
