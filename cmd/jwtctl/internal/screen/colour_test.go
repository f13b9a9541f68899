package screen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

func TestColoured(t *testing.T) {
	for name, tt := range map[string]struct {
		env  map[string]string
		want bool
	}{
		"a terminal":        {map[string]string{"TERM": "xterm"}, true},
		"NO_COLOR":          {map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false},
		"NO_COLOR is empty": {map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true},
		"no colours":        {map[string]string{"TERM": "dumb"}, false},
		"no terminal":       {map[string]string{}, false},
	} {
		if got := mayColour(func(name string) string { return tt.env[name] }); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	must.Succeed(t, err)
	defer func() { _ = f.Close() }()
	if xterm := func(string) string { return "xterm" }; Coloured(f, xterm) || Coloured(&strings.Builder{}, xterm) {
		t.Error("a file has colours")
	}
}
