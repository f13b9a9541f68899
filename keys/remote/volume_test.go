package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

// A set on a volume is used: the volume's group may write it, and it may be mounted by a link.
func TestFileOnAVolume(t *testing.T) {
	b, dir, path := newDiskBench(t)
	b.server.Down()
	chmod(t, path, 0o660)
	chmod(t, dir, 0o770|os.ModeSetgid)
	link := filepath.Join(t.TempDir(), "mounted")
	must.Succeed(t, os.Symlink(filepath.Dir(dir), link))
	s := b.restart(filepath.Join(link, filepath.Base(dir)), b.config())
	b.wantIDs(s.Set(), "a")
	if st := s.Status(); !st.FromDisk || st.DiskError != "" || len(b.log.with("on disk is not used")) > 0 {
		t.Errorf("status %+v, log %q", st, b.log.with(""))
	}
	link = filepath.Join(t.TempDir(), "sets")
	must.Succeed(t, os.Symlink(dir, link))
	b.wantIDs(b.restart(link, b.config()).Set(), "a")
}

// A file that belongs to another user is not used, whoever may write it.
func TestFileOfAnotherUser(t *testing.T) {
	b, dir, path := newDiskBench(t)
	b.server.Down()
	for _, of := range []string{path, dir} {
		if err := os.Chown(of, 12345, -1); err != nil {
			t.Skip("only root can give files away")
		}
		s := b.restart(dir, b.config())
		b.wantIDs(s.Set(), "")
		if !strings.Contains(s.Status().DiskError, "owned by user 12345") {
			t.Errorf("status %+v", s.Status())
		}
		must.Succeed(t, os.Chown(of, os.Geteuid(), -1))
	}
}

// What is not going to be used at the next start is told when it is written, once.
func TestFileThatWillNotBeUsed(t *testing.T) {
	b, dir, _ := newDiskBench(t)
	s := b.restart(dir, b.config())
	b.clock.asleep(t, 1)
	chmod(t, dir, 0o777)
	for range 3 {
		b.advance(DefaultRefresh)
	}
	if lines := b.log.with("will not be used at the next start"); len(lines) != 1 || !strings.Contains(lines[0], "warn: ") {
		t.Errorf("log %q", b.log.with(""))
	}
	if e := s.Status().DiskError; !strings.Contains(e, "by everybody") {
		t.Errorf("the status has %q", e)
	}
	chmod(t, dir, 0o700)
	b.advance(DefaultRefresh)
	if e := s.Status().DiskError; e != "" {
		t.Errorf("the status has %q", e)
	}
}
