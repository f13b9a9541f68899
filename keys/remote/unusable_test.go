package remote

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/diskcache"
)

func TestUnusableFiles(t *testing.T) {
	// edit replaces text in the file.
	edit := func(from, to string) func(t *testing.T, b *bench, path string) {
		return func(t *testing.T, _ *bench, path string) {
			text := string(mustRead(t, path))
			if !strings.Contains(text, from) {
				t.Fatalf("%q is not in %s", from, text)
			}
			write(t, path, strings.Replace(text, from, to, 1))
		}
	}
	tests := []struct {
		name   string
		change func(t *testing.T, b *bench, path string)
		want   error
		says   string
	}{
		{"too old", func(_ *testing.T, b *bench, _ string) { b.clock.advance(DefaultMaxStale) }, ErrTooOld, "too old"},
		{"from the future", func(_ *testing.T, b *bench, _ string) { b.clock.advance(-time.Hour) }, ErrFile, "future"},
		{"empty", func(t *testing.T, _ *bench, path string) { write(t, path, "") }, ErrFile, "version"},
		{"cut", func(t *testing.T, _ *bench, path string) {
			text := mustRead(t, path)
			write(t, path, string(text[:len(text)/2]))
		}, ErrFile, "version"},
		{"another key", edit(`"kid":"a"`, `"kid":"x"`), ErrFile, "damaged"},
		{"another issuer", edit(`"issuer":""`, `"issuer":"x"`), ErrFile, "damaged"},
		{"another time", edit(`"fetched_at":"20`, `"fetched_at":"21`), ErrFile, "damaged"},
		{"of another URL", func(t *testing.T, b *bench, path string) {
			other := diskcache.New(filepath.Dir(path), b.config().URL+"?x", b.config().identity())
			must.Succeed(t, other.Save([]diskcache.Entry{{Set: keys.NewSet(), Confirmed: b.clock.Now()}}))
		}, ErrFile, "another URL"},
		{"of another version", edit(`"version":1`, `"version":2`), ErrFile, "version"},
		{"with more in it", edit(`"version":1`, `"version":1,"more":1`), ErrFile, "version"},
		{"too large", func(t *testing.T, _ *bench, path string) { write(t, path, strings.Repeat(" ", diskcache.MaxSize+1)) }, ErrFile, "longer"},
		{"everybody can write it", func(t *testing.T, _ *bench, path string) { chmod(t, path, 0o602) }, ErrFile, "by everybody"},
		{"everybody can write its directory", func(t *testing.T, _ *bench, path string) { chmod(t, filepath.Dir(path), 0o777) }, ErrFile, "by everybody"},
		{"everybody can write its directory, where nobody may take away what is another's", func(t *testing.T, _ *bench, path string) {
			chmod(t, filepath.Dir(path), 0o777|os.ModeSticky)
		}, ErrFile, "by everybody"},
		{"a link", func(t *testing.T, _ *bench, path string) {
			target := filepath.Join(t.TempDir(), "target")
			must.Succeed(t, os.Rename(path, target))
			must.Succeed(t, os.Symlink(target, path))
		}, ErrFile, "no regular file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, dir, path := newDiskBench(t)
			b.server.Down()
			test.change(t, b, path)
			s := b.restart(dir, b.config())
			b.wantIDs(s.Set(), "")
			if st := s.Status(); errors.Is(test.want, ErrFile) != strings.Contains(st.DiskError, test.says) || st.FromDisk {
				t.Errorf("status %+v", st)
			}
			if lines := b.log.with("warn: "); len(lines) != 1 || !strings.Contains(lines[0], test.want.Error()) || !strings.Contains(lines[0], test.says) {
				t.Errorf("log %q", b.log.with(""))
			}
		})
	}
}
