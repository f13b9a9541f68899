package printable

import (
	"strings"
	"testing"
	"unicode"
)

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a", "é\x00", strings.Repeat("ü", 70), "\xff\xfe", "\u2029", "\x1b]0;x\a", "a\u0085"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Text(text)
		if len(got) > 128 {
			t.Errorf("%d bytes", len(got))
		}
		if strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("%q became %q", text, got)
		}
		if again := Text(got); again != got {
			t.Errorf("%q became %q and then %q", text, got, again)
		}
	})
}
