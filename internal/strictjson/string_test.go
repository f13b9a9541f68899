package strictjson

import (
	"strings"
	"testing"
)

// The place is that of the first of them, wherever they stand.
func TestUsual(t *testing.T) {
	for length := range 20 {
		text := strings.Repeat("é\x7f !#[]\xff~", 4)[:length]
		for _, end := range []string{`"`, `\`, "\x00", "\x1f", `"\`, `\"`, "\x1f\"", "\"\x00"} {
			if got := usual(text + end + `x"`); got != length {
				t.Errorf("%q behind %d bytes: got %d", end, length, got)
			}
		}
		if got := usual(text); got != length {
			t.Errorf("%d bytes alone: got %d", length, got)
		}
	}
}
