package inspect

import "testing"

func TestDecodeLoosely(t *testing.T) {
	tests := []struct{ name, encoded, want string }{
		{"base64url", "ey0_fn4", `{-?~~`},
		{"standard alphabet", "ey0/fn4=", `{-?~~`},
		{"line breaks", "ey0_\r\nfn4", `{-?~~`},
		{"cut", "ey0_f", `{-?`},
		{"foreign character", "ey0_*fn4", `{-?`},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(decodeLoosely(tt.encoded)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBase64Problem(t *testing.T) {
	tests := []struct {
		name, encoded string
		offset        int
		sound         bool
	}{
		{"sound", "ey0_fn4", 0, true},
		{"empty", "", 0, true},
		{"padding", "ey0_fn4=", 7, false},
		{"plus", "ey0+", 3, false},
		{"slash", "e/0_", 1, false},
		{"line break", "ey\n0", 2, false},
		{"quote", `"ey0`, 0, false},
		{"not ASCII", "ey0\u00e9", 3, false},
		{"length", "ey0_f", 4, false},
		{"stray bits", "ey0_fn5", 6, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			offset, problem := base64Problem(tt.encoded)
			if offset != tt.offset || (problem == "") != tt.sound {
				t.Errorf("got %d, %q", offset, problem)
			}
		})
	}
}

// Nothing but white space changes: digits, order, doubles, escapes.
func TestPrettyKeepsValues(t *testing.T) {
	p := Part{Text: ` {"z":1.0e2,"a":12345678901234567890,"z":"\u0041<"} `}
	want := "{\n  \"z\": 1.0e2,\n  \"a\": 12345678901234567890,\n  \"z\": \"\\u0041<\"\n}"
	if got := p.Pretty(); got != want {
		t.Errorf("got %s", got)
	}
	if p := (Part{Text: "{broken"}); p.Pretty() != "{broken" {
		t.Errorf("got %s", p.Pretty())
	}
}

func TestNesting(t *testing.T) {
	for text, want := range map[string]int{
		`1`: 0, `{}`: 1, `[{"a":[]},{}]`: 3, `{"[[[":"\"{{{","a":[1]}`: 2, `{"a":"\\\\","b":{}}`: 2,
	} {
		if got := nesting(text); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
