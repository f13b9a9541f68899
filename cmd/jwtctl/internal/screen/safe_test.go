package screen

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSafe(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "a b\nc", "a b\nc"},
		{"Chinese", "张三", "张三"},
		{"emoji", "🔑", "🔑"},
		{"escape sequence", "\x1b[2J", `\u001b[2J`},
		{"one-byte control sequence", "\u009b2J", `\u009b2J`},
		{"carriage return", "ok\rno", `ok\u000dno`},
		{"delete", "\x7f", `\u007f`},
		{"right to left", "user\u202etxt", `user\u202etxt`},
		{"zero width", "a\u200bb", `a\u200bb`},
		{"tag character", "\U000e0041", `\udb40\udc41`},
		{"not UTF-8", "a\xffb", `a\xffb`},
		{"replacement character", "\ufffd", "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Safe(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// In JSON the escapes are the same text.
func TestWriteJSONKeepsValues(t *testing.T) {
	const value = "\u009b \u202e \U000e0041 <&> 张三"
	var b strings.Builder
	if err := WriteJSON(&b, map[string]string{"v": value}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\u009b\u202e\U000e0041") || !strings.Contains(b.String(), "<&> 张三") {
		t.Errorf("got %q", b.String())
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil || back["v"] != value {
		t.Errorf("read back %q, %v", back["v"], err)
	}
}
