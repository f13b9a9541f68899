package screen

import "testing"

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "张三": 4, "ｆ": 2, "，": 2, "한": 2, "🔑": 2, "𠀀": 2, "…": 1, "Привет": 6,
	} {
		if got := Columns(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
