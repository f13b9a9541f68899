package diskcache

import (
	"crypto/elliptic"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// setOf returns a set of these keys.
func setOf(t *testing.T, list ...jwttest.JWK) *keys.Set {
	t.Helper()
	set, _, err := keys.ParseJWKS([]byte(jwttest.JWKS(list...)), parseOptions)
	must.Succeed(t, err)
	return set
}

func TestSavedIsLoaded(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	a, b := jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256())), jwttest.NewJWK("b", jwttest.OtherECKey(elliptic.P256()))
	saved := []Entry{
		{Set: setOf(t, a), Issuer: "https://issuer.example", HTTP: true, Confirmed: now},
		{Set: setOf(t, b), Confirmed: now.Add(-time.Hour)},
	}
	dir := t.TempDir()
	f, again := New(dir, "https://issuer.example/jwks", []byte("identity")), New(dir, "https://issuer.example/jwks", []byte("identity"))
	if list, err := again.Load(now); list != nil || err != nil || !again.Written().IsZero() {
		t.Errorf("before: %v, %v", list, err)
	}
	if err := f.Save(saved); err != nil || !f.Written().Equal(now) {
		t.Fatalf("written %s, %v", f.Written(), err)
	}
	loaded, err := again.Load(now)
	if err != nil || len(loaded) != len(saved) || !again.Written().Equal(now) {
		t.Fatalf("%v, %v", loaded, err)
	}
	for i, got := range loaded {
		want := saved[i]
		if !got.Set.Equal(want.Set) || got.Issuer != want.Issuer || got.HTTP != want.HTTP || !got.Confirmed.Equal(want.Confirmed) {
			t.Errorf("%d: %+v, want %+v", i, got, want)
		}
	}
	if _, err := again.Load(now.Add(-time.Hour)); !errors.Is(err, ErrFile) {
		t.Errorf("from the future: %v", err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys", "sets")
	f := New(dir, "https://issuer.example/jwks", []byte("identity"))
	must.Succeed(t, f.Save([]Entry{{Set: keys.NewSet()}}))
	path := f.path
	for name, want := range map[string]os.FileMode{dir: 0o700 | os.ModeDir, path: 0o600} {
		info, err := os.Stat(name)
		must.Succeed(t, err)
		if info.Mode() != want {
			t.Errorf("%s has the mode %s", name, info.Mode())
		}
	}
	if !ours.MatchString(filepath.Base(path)) {
		t.Errorf("it is named %s", path)
	}
}
