package remote

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// newDiskBench returns a bench with a directory, and the one file that it has after a first fetch.
func newDiskBench(t *testing.T) (b *bench, dir, path string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "keys", "sets")
	b = newBench(t, func(o *Options) { o.Dir = dir })
	b.acquire(b.config()).Release()
	b.clock.asleep(t, 0)
	return b, dir, onlyFile(t, dir)
}

// onlyFile returns the one file in a directory; empty if there is none.
func onlyFile(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must.Succeed(t, err)
	if len(entries) > 1 {
		t.Fatalf("files %v", entries)
	}
	if len(entries) == 0 {
		return ""
	}
	return filepath.Join(dir, entries[0].Name())
}

// restart returns a source of a new pool with the same directory.
func (b *bench) restart(dir string, c Config) *Source {
	b.Helper()
	return b.acquireFrom(b.newPool(func(o *Options) { o.Dir = dir }), c)
}

// A gateway that starts while the issuer is down has keys at once, and never has none between.
func TestRestartWhileDown(t *testing.T) {
	b, dir, _ := newDiskBench(t)
	b.server.Down()
	b.clock.advance(23 * time.Hour)
	s := b.restart(dir, b.config())
	b.wantIDs(s.Set(), "a")
	b.clock.asleep(t, 1)
	b.wantIDs(s.Set(), "a")
	if st := s.Status(); !st.FromDisk || st.Age != 23*time.Hour || st.Failures != 1 || len(st.Keys) != 1 {
		t.Errorf("status %+v", st)
	}
	b.server.Up()
	set := s.Set()
	b.advance(time.Second)
	if st := s.Status(); st.FromDisk || st.Age != 0 || s.Set() != set {
		t.Errorf("after recovery: %+v", st)
	}
	if b.server.LastHeader().Get("If-None-Match") != "" {
		t.Error("the first answer after a restart must be read whole")
	}
}

// What is on disk ages on: it is given up MaxStale after it was fetched, not after the restart.
func TestRestartDoesNotRejuvenate(t *testing.T) {
	b, dir, _ := newDiskBench(t)
	b.server.Down()
	b.clock.advance(DefaultMaxStale - time.Minute)
	s := b.restart(dir, b.config())
	b.clock.asleep(t, 1)
	b.wantIDs(s.Set(), "a")
	b.advance(time.Minute)
	b.wantIDs(s.Set(), "")
}

// Whose word is taken decides which file is read.
func TestFileIsOfItsConfiguration(t *testing.T) {
	ca := string(mustRead(t, filepath.Join("testdata", "ca.pem")))
	tests := []struct {
		name  string
		alter func(c *Config)
		want  string
	}{
		{"another interval", func(c *Config) { c.Refresh, c.MaxStale = time.Minute, time.Hour }, "a"},
		{"other algorithms", func(c *Config) { c.Algorithms = keys.NewAlgorithmSet(keys.ES256) }, "a"},
		{"another URL", func(c *Config) { c.URL += "?x" }, ""},
		{"an issuer", func(c *Config) { c.Issuer = "x" }, "a"}, // which matters to a discovery document only
		{"a CA", func(c *Config) { c.CA = ca }, ""},
		{"http to anywhere", func(c *Config) { c.AllowHTTP = true }, "a"}, // which its user may have, as it came otherwise
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, dir, _ := newDiskBench(t)
			b.server.Down()
			c := b.config()
			test.alter(&c)
			b.wantIDs(b.restart(dir, c).Set(), test.want)
		})
	}
}

// Files of another version are found: their name is made of the same.
func TestFileNameStays(t *testing.T) {
	c := Config{URL: "https://issuer.example/jwks", CA: "ca", CAFile: "file", Issuer: "x", Algorithms: keys.NewAlgorithmSet(keys.RS256)}
	sum := sha256.Sum256(c.identity())
	if got := hex.EncodeToString(sum[:]); got != "dd20b5f00c85e6a4f18a237105642a1e4e941883d30f8a42cfb15554e18f3c3f" {
		t.Errorf("it is %s", got)
	}
}

// What a running fetcher knows goes before what is on disk.
func TestFileGivesWay(t *testing.T) {
	b, dir, path := newDiskBench(t)
	s := b.restart(dir, b.config())
	b.clock.asleep(t, 1)
	b.server.Down()
	write(t, path, "")
	c := b.config()
	c.Refresh = time.Minute
	s = b.acquireFrom(s.pool, c)
	b.wantIDs(s.Set(), "a")
	if s.Status().FromDisk || len(b.log.with("warn: ")) > 0 {
		t.Errorf("the file is read, log %q", b.log.with(""))
	}
}

// Secrets are not written. The public keys beside them are.
func TestSecretsStayInMemory(t *testing.T) {
	b, dir, path := newDiskBench(t)
	b.server.SetKeys(keyA, keyS)
	s := b.restart(dir, b.config())
	b.clock.asleep(t, 1)
	b.wantIDs(s.Set(), "a s")
	secret := keyS["k"].(string)
	hidden := func() {
		t.Helper()
		if text := string(mustRead(t, path)); strings.Contains(text, secret) || strings.Contains(text, `"k"`) || !strings.Contains(text, `"kid":"a"`) {
			t.Errorf("on disk: %s", text)
		}
	}
	hidden()
	if len(b.log.with("on disk without its shared secrets")) != 1 {
		t.Errorf("log %q", b.log.with(""))
	}
	b.server.Down()
	after := b.restart(dir, b.config())
	b.wantIDs(after.Set(), "a")
	after.Release()
	b.clock.asleep(t, 1)
	b.server.Up()

	b.server.SetKeys(keyA, keyS.With("alg", "A128KW")) // a secret that is skipped
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "a")
	hidden()
	b.server.SetKeys(keyS) // nothing that may be kept, nor does what was there stay
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "s")
	if file := onlyFile(t, dir); file != "" {
		t.Errorf("%s is there: %s", file, mustRead(t, file))
	}
	if len(b.log.with("not kept on disk")) != 1 || s.Status().DiskError != "" {
		t.Errorf("log %q", b.log.with(""))
	}
	for _, k := range s.Status().Keys {
		if k.Kind == keys.KindSecret && k.Thumbprint != "" {
			t.Error("the status tells of a secret")
		}
	}
	if len(b.log.with(secret)) != 0 {
		t.Errorf("log %q", b.log.with(""))
	}
}

// A file of the time when only one set was in it is read.
func TestFileOfBefore(t *testing.T) {
	b, dir, path := newDiskBench(t)
	text := `{"version":1,"url":"` + b.server.URL(jwttest.KeysPath) + `","issuer":"","fetched_at":"2030-01-01T00:00:00Z","sha256":"","jwks":` +
		`{"keys":[{"crv":"P-256","kty":"EC","x":"` + keyA["x"].(string) + `","y":"` + keyA["y"].(string) + `","kid":"a","use":"sig"}]}}`
	sum := sha256.Sum256([]byte(text))
	write(t, path, strings.Replace(text, `"sha256":""`, `"sha256":"`+hex.EncodeToString(sum[:])+`"`, 1))
	b.server.Down()
	s := b.restart(dir, b.config())
	b.wantIDs(s.Set(), "a")
	if st := s.Status(); !st.FromDisk || st.DiskError != "" {
		t.Errorf("status %+v", st)
	}
}

// The file is written when the set changes, and otherwise once in a refresh interval.
func TestFileIsWrittenWhenNeeded(t *testing.T) {
	b, dir, path := newDiskBench(t)
	b.server.ETags(true)
	s := b.restart(dir, b.config())
	b.clock.asleep(t, 1)
	fetchedAt := func() time.Duration {
		var r struct {
			FetchedAt time.Time `json:"fetched_at"`
		}
		must.Succeed(t, json.Unmarshal(mustRead(t, path), &r))
		return r.FetchedAt.Sub(newFakeClock().now)
	}
	if at := fetchedAt(); at != 0 {
		t.Errorf("written %s after the first", at)
	}
	b.advance(DefaultDemandInterval)
	s.Refresh(t.Context(), s.Set())
	b.clock.asleep(t, 1)
	if at := fetchedAt(); at != 0 || b.server.NotModified() != 1 {
		t.Errorf("written %s after the first, though nothing has changed", at)
	}
	b.advance(DefaultRefresh)
	if at := fetchedAt(); at != DefaultRefresh+DefaultDemandInterval {
		t.Errorf("its time is %s after the first", at)
	}
	b.server.SetKeys(keyB)
	b.advance(DefaultDemandInterval)
	s.Refresh(t.Context(), s.Set())
	if text := string(mustRead(t, path)); !strings.Contains(text, `"kid":"b"`) {
		t.Errorf("a change was not written: %s", text)
	}
}

// A directory that cannot be written to is told, and harms nothing else.
func TestDiskThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	write(t, dir, "in the way")
	b := newBench(t, func(o *Options) { o.Dir = dir })
	b.wantIDs(b.acquire(b.config()).Set(), "a")
	if len(b.log.with("cannot be kept on disk")) != 1 {
		t.Errorf("log %q", b.log.with(""))
	}
}

func TestSweep(t *testing.T) {
	b, dir, path := newDiskBench(t)
	old := strings.Repeat("0", 64) + ".json"
	for _, name := range []string{old, old + ".123.tmp", "foreign.json"} {
		write(t, filepath.Join(dir, name), "")
		must.Succeed(t, os.Chtimes(filepath.Join(dir, name), time.Time{}, time.Now().Add(-MaxMaxStale-time.Hour)))
	}
	b.restart(dir, b.config())
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != filepath.Base(path) && entries[1].Name() != filepath.Base(path) {
		t.Errorf("left: %v, %v", entries, err)
	}
	mustRead(t, filepath.Join(dir, "foreign.json"))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must.Succeed(t, os.WriteFile(path, []byte(text), 0o600))
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	must.Succeed(t, os.Chmod(path, mode))
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	must.Succeed(t, err)
	return text
}
