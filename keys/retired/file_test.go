package retired

import (
	"bytes"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

// key returns a public key with this ID.
func key(t *testing.T, id string) *keys.Key {
	t.Helper()
	k, err := keys.NewPublicKey(id, jwttest.ECKey(elliptic.P256()).Public(), keys.ES256)
	must.Succeed(t, err)
	return k
}

// save writes the keys as a process that has them.
func save(t *testing.T, f *File, now time.Time, list ...Key) {
	t.Helper()
	must.Succeed(t, f.Save(list, now))
}

// loaded lists the keys of the file as "kid seconds", from noon to their end.
func loaded(t *testing.T, f *File, now time.Time) string {
	t.Helper()
	list, err := f.Load(now)
	must.Succeed(t, err)
	var b strings.Builder
	for _, k := range list {
		if k.Lifetime != 0 {
			t.Errorf("%s still signs", k.Key.ID())
		}
		fmt.Fprintf(&b, "%s %.0f, ", k.Key.ID(), k.Until.Sub(noon).Seconds())
	}
	return strings.TrimSuffix(b.String(), ", ")
}

func TestSavedIsLoaded(t *testing.T) {
	f := New(filepath.Join(t.TempDir(), "keys"))
	if got := loaded(t, f, noon); got != "" {
		t.Errorf("before: %s", got)
	}
	save(t, f, noon)
	if _, err := os.Stat(f.path); !os.IsNotExist(err) {
		t.Errorf("a file without keys was written: %v", err)
	}
	signs := Key{Key: key(t, "signs"), Lifetime: 600 * time.Second}
	save(t, f, noon, signs, Key{Key: key(t, "signed"), Until: noon.Add(60 * time.Second)}, Key{Key: key(t, "ended"), Until: noon})
	for name, want := range map[string]os.FileMode{filepath.Dir(f.path): 0o700 | os.ModeDir, f.path: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	// A key that signed when the process ended may have signed until the next one starts.
	if got := loaded(t, f, noon.Add(10*time.Second)); got != "signed 60, signs 610" {
		t.Errorf("loaded %q", got)
	}
	if got := loaded(t, f, noon.Add(60*time.Second)); got != "signs 660" {
		t.Errorf("after the first one's end: %q", got)
	}
	list, err := f.Load(noon)
	if err != nil || !list[1].Key.Equal(signs.Key) {
		t.Errorf("%v, %v", list, err)
	}
	text, err := os.ReadFile(f.path)
	if err != nil || bytes.Contains(text, []byte("ended")) {
		t.Errorf("%s, %v", text, err)
	}
}

// What another process wrote meanwhile stays in the file: workers overlap when one replaces the other.
func TestSaveKeepsAnothersKeys(t *testing.T) {
	dir := t.TempDir()
	one, other := New(dir), New(dir)
	save(t, one, noon, Key{Key: key(t, "a"), Lifetime: time.Minute}, Key{Key: key(t, "b"), Until: noon.Add(10 * time.Second)})
	save(t, other, noon, Key{Key: key(t, "b"), Lifetime: time.Minute})
	if got := loaded(t, one, noon.Add(time.Second)); got != "a 60, b 61" {
		t.Errorf("loaded %q", got)
	}
	save(t, other, noon.Add(20*time.Second), Key{Key: key(t, "b"), Until: noon.Add(80 * time.Second)})
	if got := loaded(t, one, noon.Add(60*time.Second)); got != "b 80" {
		t.Errorf("after the end of one: %q", got)
	}
}

// A rule with the same key lowered its lifetime: the longer one counts until its tokens have ended.
func TestLongestOfOneKey(t *testing.T) {
	f, k := New(t.TempDir()), key(t, "k")
	save(t, f, noon, Key{Key: k, Lifetime: time.Minute}, Key{Key: k, Lifetime: time.Second}, Key{Key: k, Until: noon.Add(90 * time.Second)})
	if got := loaded(t, f, noon.Add(time.Second)); got != "k 90" {
		t.Errorf("loaded %q", got)
	}
	if got := loaded(t, f, noon.Add(time.Minute)); got != "k 120" {
		t.Errorf("later: %q", got)
	}
}

// A clock that was ahead keeps no key for longer than a token can be good.
func TestClockThatWasAhead(t *testing.T) {
	f := New(t.TempDir())
	save(t, f, noon.AddDate(1, 0, 0), Key{Key: key(t, "k"), Until: noon.AddDate(1, 0, 1)})
	if got, want := loaded(t, f, noon), fmt.Sprintf("k %.0f", MaxLifetime.Seconds()); got != want {
		t.Errorf("loaded %q, want %q", got, want)
	}
}

func TestSaveWritesOnlyChanges(t *testing.T) {
	f := New(t.TempDir())
	list := []Key{{Key: key(t, "a"), Lifetime: time.Minute}, {Key: key(t, "b"), Lifetime: time.Minute}}
	save(t, f, noon, list...)
	before, err := os.Stat(f.path)
	must.Succeed(t, err)
	save(t, f, noon.Add(time.Second), list[1], list[0])
	after, err := os.Stat(f.path)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("it was written again, %v", err)
	}
}

func TestSaveIsBounded(t *testing.T) {
	f := New(t.TempDir())
	list := []Key{{Key: key(t, "signs"), Lifetime: time.Minute}}
	for i := range MaxKeys + 10 {
		list = append(list, Key{Key: key(t, fmt.Sprint(i)), Until: noon.Add(time.Duration(i+1) * time.Second)})
	}
	save(t, f, noon, list...)
	got, err := f.Load(noon)
	if err != nil || len(got) != MaxKeys || got[0].Key.ID() != "10" {
		t.Errorf("%d keys, the first %s, %v", len(got), got[0].Key.ID(), err)
	}
	f = New(t.TempDir())
	long := strings.Repeat("k", maxSize/MaxKeys)
	for i := range list {
		list[i].Key = key(t, fmt.Sprint(long, i))
	}
	save(t, f, noon, list...)
	if got, err := f.Load(noon); err != nil || len(got) != MaxKeys/2 {
		t.Errorf("%d keys, %v", len(got), err)
	}
}

func TestSecretIsNotWritten(t *testing.T) {
	f := New(t.TempDir())
	secret, err := keys.NewSecretKey("s", []byte("a secret of thirty-two bytes, or more"), keys.HS256)
	must.Succeed(t, err)
	if err := f.Save([]Key{{Key: secret, Lifetime: time.Minute}}, noon); err == nil {
		t.Error("a shared secret was saved")
	}
	if _, err := os.Stat(f.path); !os.IsNotExist(err) {
		t.Errorf("there is a file: %v", err)
	}
}

func TestFileThatIsNotUsed(t *testing.T) {
	signs := Key{Key: key(t, "signs"), Lifetime: time.Minute}
	sealed := func(r record) string {
		r.SHA256, _ = r.digest()
		text, _ := json.Marshal(r)
		return string(text)
	}
	whole, err := encode([]Key{signs})
	must.Succeed(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(jwttest.ECKey(elliptic.P256()))
	must.Succeed(t, err)
	for what, text := range map[string]string{
		"empty":            "",
		"cut":              string(whole[:len(whole)-9]),
		"changed":          strings.Replace(string(whole), `"signs"`, `"sings"`, 1),
		"another version":  sealed(record{Version: 2}),
		"another member":   `{"version":1,"x":1}`,
		"no key":           sealed(record{Version: 1, Keys: []keyRow{{Public: []byte("x")}}}),
		"a private key":    sealed(record{Version: 1, Keys: []keyRow{{Public: private}}}),
		"an unfitting alg": sealed(record{Version: 1, Keys: []keyRow{{Public: publicOf(t, signs.Key), Algorithms: []keys.Algorithm{keys.RS256}}}}),
		"too many":         sealed(record{Version: 1, Keys: slices.Repeat([]keyRow{{Public: publicOf(t, signs.Key)}}, MaxKeys+1)}),
		"too long":         strings.Repeat(" ", maxSize) + string(whole),
	} {
		f := New(t.TempDir())
		must.Succeed(t, os.WriteFile(f.path, []byte(text), 0o600))
		if list, err := f.Load(noon); !errors.Is(err, ErrFile) || list != nil {
			t.Errorf("%s: %v, %v", what, list, err)
		}
		save(t, f, noon, signs)
		if got := loaded(t, f, noon); got != "signs 60" {
			t.Errorf("%s, written again: %q", what, got)
		}
	}
}

func TestFileOfEverybody(t *testing.T) {
	f, signs := New(t.TempDir()), Key{Key: key(t, "signs"), Lifetime: time.Minute}
	save(t, f, noon, signs)
	must.Succeed(t, os.Chmod(f.path, 0o666))
	if list, err := f.Load(noon); !errors.Is(err, ErrFile) || list != nil {
		t.Errorf("writable by everybody: %v, %v", list, err)
	}
	must.Succeed(t, os.Chmod(filepath.Dir(f.path), 0o777))
	if err := f.Save([]Key{signs}, noon); !errors.Is(err, ErrFile) {
		t.Errorf("in a directory of everybody: %v", err)
	}
}

// A process that was killed while it wrote leaves a file, which the next start deletes when it is old.
func TestUnfinishedFileIsDeleted(t *testing.T) {
	f := New(t.TempDir())
	old, young := f.path+".1.tmp", f.path+".2.tmp"
	for path, age := range map[string]time.Duration{old: 2 * time.Hour, young: time.Minute} {
		must.Succeed(t, os.WriteFile(path, nil, 0o600))
		must.Succeed(t, os.Chtimes(path, noon.Add(-age), noon.Add(-age)))
	}
	loaded(t, f, noon)
	if left, err := filepath.Glob(f.path + "*"); err != nil || len(left) != 1 || left[0] != young {
		t.Errorf("left: %v, %v", left, err)
	}
}

// publicOf returns the key in DER.
func publicOf(t *testing.T, k *keys.Key) []byte {
	t.Helper()
	text, err := encode([]Key{{Key: k}})
	var r record
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	must.Succeed(t, err)
	return r.Keys[0].Public
}
