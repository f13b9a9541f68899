package inspect

import (
	"strings"
	"testing"
)

func TestCaret(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
		want       string
	}{
		{"begin", "abc", 0, "  abc\n  ^ x\n"},
		{"middle", "abc", 1, "  abc\n   ^ x\n"},
		{"end", "abc", 3, "  abc\n     ^ x\n"},
		{"beyond", "abc", 9, "  abc\n     ^ x\n"},
		{"escaped", "\x1b\nc", 2, "  \\u001b\\nc\n          ^ x\n"},
		{
			"clipped", strings.Repeat("a", 50) + strings.Repeat("b", 50), 50,
			"  …" + strings.Repeat("a", 30) + strings.Repeat("b", 30) + "…\n  " + strings.Repeat(" ", 31) + "^ x\n",
		},
		{
			"clipped inside characters", strings.Repeat("张", 20) + "b" + strings.Repeat("三", 20), 60,
			"  …" + strings.Repeat("张", 10) + "b" + strings.Repeat("三", 9) + "…\n  " + strings.Repeat(" ", 21) + "^ x\n",
		},
		{
			"clipped inside a character", strings.Repeat("张", 15) + "b" + strings.Repeat("张", 5) + "三", 61,
			"  …" + strings.Repeat("张", 4) + "b" + strings.Repeat("张", 5) + "三\n  " + strings.Repeat(" ", 20) + "^ x\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := caret(tt.text, tt.offset, "x"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	if got := caret("abc", 1, ""); got != "  abc\n   ^\n" {
		t.Errorf("without a note: %q", got)
	}
}
