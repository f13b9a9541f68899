package hosthttp

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

func TestFieldNames(t *testing.T) {
	tests := []struct {
		name, head string
		want       bool
	}{
		{"none", "", true},
		{"usual", "Host: h\r\nX-Role: a b : c\r\n\r\n", true},
		{"every character of a token", "!#$%&'*+-.^_`|~09azAZ: v\r\n\r\n", true},
		{"no blank behind the colon", "X-Role:a\r\n\r\n", true},
		{"empty value", "X-Role:\r\n\r\n", true},
		{"lines end in LF", "Host: h\nX-Role: a\n\n", true},
		{"a value that goes on", "X-Role: a\r\n b : c\r\n\td d: e\r\nX-Kind: b\r\n\r\n", true},
		{"no end", "X-Role: a", true},
		{"a blank before the colon", "Host: h\r\nTransfer-Encoding : chunked\r\n\r\n", false},
		{"two blanks", "X-Role  : a\r\n\r\n", false},
		{"a tab before the colon", "X-Role\t: a\r\n\r\n", false},
		{"a blank inside", "X Role: a\r\n\r\n", false},
		{"in the last line", "Host: h\r\nX-Kind: b\r\nX-Role : a\r\n\r\n", false},
		{"behind a value that goes on", "X-Kind: b\r\n c\r\nX-Role : a\r\n\r\n", false},
		{"no colon", "Host: h\r\nX-Role\r\n\r\n", false},
		{"no name", "Host: h\r\n: a\r\n\r\n", false},
		{"a control character", "X-\x01Role: a\r\n\r\n", false},
		{"a blank as the eighth character", "X-Role9 : a\r\n\r\n", false},
		{"a blank as the ninth character", "X-Role89 : a\r\n\r\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := headNames([]byte(test.head)); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

// The place is that of the first of them, wherever they stand.
func TestNameEnd(t *testing.T) {
	for length := range 20 {
		name := strings.Repeat("\xffz", 10)[:length]
		for _, end := range []string{":", " ", "\t", "\n", "\x00", ": :", " :", ":  : "} {
			if got := nameEnd([]byte(name + end + "x: y")); got != length {
				t.Errorf("%q behind %d characters: got %d", end, length, got)
			}
		}
		if got := nameEnd([]byte(name)); got != length {
			t.Errorf("%d characters alone: got %d", length, got)
		}
	}
}

// The head is there as the client sent it, whatever the host's parser made of it.
func TestFieldNamesOfARequest(t *testing.T) {
	for header, want := range map[string]bool{"X-Role: a": true, "X-Role : a": false, "X Role: a": false} {
		ctx := host.Get(t, "/", header)
		if got := FieldNames(ctx); got != want {
			t.Errorf("%s: got %t, want %t", header, got, want)
		}
		if n := testing.AllocsPerRun(100, func() { FieldNames(ctx) }); n != 0 {
			t.Errorf("%s: %v allocations", header, n)
		}
	}
}

func BenchmarkFieldNames(b *testing.B) {
	ctx := host.Get(b, "/orders", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"User-Agent: curl/8.5.0", "Accept: */*")
	for b.Loop() {
		if !FieldNames(ctx) {
			b.Fatal("refused")
		}
	}
}
