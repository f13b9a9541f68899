package strictjson_test

import (
	"slices"
	"strings"
	"testing"

	"apinto-jwt/internal/strictjson"
)

func TestItems(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`: nil, " [ ] ": nil, `[1]`: {"1"}, ` [ 1 , "a,]" , {"b":[2]} , [] ] `: {"1", `"a,]"`, `{"b":[2]}`, "[]"},
	} {
		var got []string
		if err := strictjson.Items(text, func(raw string) bool { got = append(got, raw); return true }); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		``, `{}`, `1`, `[`, `[1`, `[1,`, `[1,]`, `[,1]`, `[1 2]`, `[1]x`, `[1]]`, "[\"\xff\"]", `["\ud800"]`, `[01]`, "[\"\n\"]", strings.Repeat("[", 65) + strings.Repeat("]", 65),
	} {
		if err := strictjson.Items(text, func(string) bool { return true }); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	visited := 0
	if err := strictjson.Items(`[1,2,x`, func(string) bool { visited++; return visited < 2 }); err != nil || visited != 2 {
		t.Errorf("%d items, %v", visited, err)
	}
}
