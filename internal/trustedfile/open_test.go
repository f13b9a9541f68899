package trustedfile

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestTrusted(t *testing.T) {
	self := os.Geteuid()
	tests := []struct {
		name  string
		mode  os.FileMode
		owner int
		says  string
	}{
		{"ours", 0o600, self, ""},
		{"root's", 0o600, 0, ""},
		{"of a system that tells no owner", 0o600, -1, ""},
		{"readable by all", 0o644, self, ""},
		{"writable by a group", 0o664, self, ""},
		{"a directory of a group", 0o775 | os.ModeDir | os.ModeSetgid, 0, ""},
		{"another user's", 0o600, self + 1, "owned by user"},
		{"writable by all", 0o666, self, "by everybody"},
		{"root's, writable by all", 0o777 | os.ModeDir | os.ModeSticky, 0, "by everybody"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := trusted("file", test.mode, test.owner)
			if test.says == "" && err != nil || test.says != "" && (!errors.Is(err, ErrFile) || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
