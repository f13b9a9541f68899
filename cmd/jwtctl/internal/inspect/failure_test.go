package inspect

import (
	"testing"

	"apinto-jwt/token"
)

// A failure says what *token.Error says.
func TestFailureText(t *testing.T) {
	for _, raw := range []string{"x", encode(`{"alg":"HS256"}`, `{"a":}`, ""), encode(`{"alg":1}`, `{}`, "")} {
		_, err := token.Parse(raw)
		if got := NewFailure(err).Text(); got != err.Error() {
			t.Errorf("got %s, want %s", got, err)
		}
	}
}
