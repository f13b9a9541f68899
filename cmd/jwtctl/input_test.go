package main

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestTokenArgument(t *testing.T) {
	tests := []struct{ name, text string }{
		{"plain", exampleToken},
		{"line end", exampleToken + "\n"},
		{"white space", " \t" + exampleToken + "\r\n\n"},
		{"scheme", "Bearer " + exampleToken},
		{"scheme in small letters", "bearer " + exampleToken},
		{"scheme and spaces", "  BEARER   " + exampleToken + " "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := session{t: t}.ok("inspect", exampleToken)
			s := session{t: t, stdin: tt.text}
			for way, args := range map[string][]string{
				"argument": {"inspect", tt.text}, "standard input": {"inspect"}, "dash": {"inspect", "-"},
				"file": {"inspect", "@" + s.file("token.txt", tt.text)},
			} {
				if r := s.run(args...); r.code != exitOK || r.out != want {
					t.Errorf("%s: exit status %d, %s%s", way, r.code, r.out, r.err)
				}
			}
		})
	}
}

func TestTokenThatIsNotThere(t *testing.T) {
	s := session{t: t}
	for name, args := range map[string][]string{
		"empty input": {"inspect"}, "empty file": {"inspect", "@" + s.file("empty", "\n")},
		"no file": {"inspect", "@/does/not/exist"}, "directory": {"inspect", "@" + t.TempDir()},
	} {
		if r := s.run(args...); r.code != exitFailed || r.out != "" || strings.Contains(r.err, "does/not") {
			t.Errorf("%s: exit status %d, %q, %q", name, r.code, r.out, r.err)
		}
	}
}

func TestStandardInputIsReadOnce(t *testing.T) {
	s := session{t: t, stdin: longSecret}
	for _, args := range [][]string{
		{"verify", "--alg", "HS256", "--secret-file", "-"},
		{"verify", "--alg", "HS256", "--secret-file", "-", "-"},
		{"sign", "--alg", "HS256", "--secret-file", "-", "--claims", "-"},
	} {
		if r := s.run(args...); r.code != exitUsage || strings.Contains(r.err, longSecret) {
			t.Errorf("%q: exit status %d, %s", args, r.code, r.err)
		}
	}
	if r := s.run("verify", "--alg", "HS256", "--path", "sub", "--secret-file", "-", hs256(t, `{"sub":"ann"}`)); r.code != exitOK {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
}

func TestReadLimits(t *testing.T) {
	failing := errors.New("unplugged")
	tests := []struct {
		name string
		in   io.Reader
		size int
		ok   bool
	}{
		{"most", strings.NewReader(strings.Repeat("a", maxInput)), maxInput, true},
		{"too much", strings.NewReader(strings.Repeat("a", maxInput+1)), 0, false},
		{"endless", neverEnding('a'), 0, false},
		{"failing", iotest.ErrReader(failing), 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := readAll(maxInput, "it", tt.in)
			if len(text) != tt.size || (err == nil) != tt.ok {
				t.Errorf("%d bytes, %v", len(text), err)
			}
		})
	}
}

// neverEnding is a reader without end.
type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

// What is in a file, given in the place of its name, must not be shown.
func TestContentInPlaceOfFileName(t *testing.T) {
	private := newPair("ES256").private.Reveal()
	if r := (session{t: t}).run("sign", "--alg", "ES256", "--key", private); r.code != exitUsage || !strings.Contains(r.err, "wants the name of a file") {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
	for _, args := range [][]string{
		{"sign", "--alg", "ES256", "--key", private},
		{"sign", "--alg", "ES256", "--key", private[:40]},
		{"sign", "--alg", "HS256", "--secret-file", longSecret},
		{"verify", "--alg", "HS256", "--secret-file", longSecret, exampleToken},
		{"verify", "--alg", "HS256", "--secret", longSecret, "@" + exampleToken},
	} {
		r := session{t: t}.run(args...)
		if r.code == exitOK || strings.Contains(r.err, longSecret) || strings.Contains(r.err, "MIG") || strings.Contains(r.err, "eyJ") {
			t.Errorf("exit status %d, %s", r.code, r.err)
		}
	}
}
