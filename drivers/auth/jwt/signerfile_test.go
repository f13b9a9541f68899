package jwt

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/retired"
	"apinto-jwt/rule"
)

// signingRule is an issuing rule with a new key pair of this ID, whose tokens live for ten minutes.
func signingRule(t *testing.T, id string) entry {
	private, public := keyPair(t, keys.ES256)
	return entry{config: pairRule(keys.ES256, private, public, `,"kid":"`+id+`","access_ttl":600`)}
}

// startKit is a process that starts at this time, seconds after noon, and keeps its signing keys in the directory.
func startKit(t *testing.T, dir string, at int64) *kit {
	t.Helper()
	k := newKit(t)
	k.clock.Add(at)
	s := k.driver.registry.signers
	s.keep(dir, k.driver.clock.now)
	t.Cleanup(func() { endSaving(s) })
	return k
}

// endSaving ends the writing, before the directory goes.
func endSaving(s *signers) {
	s.mu.Lock()
	s.file.pending = time.NewTimer(time.Hour)
	s.mu.Unlock()
	s.file.mu.Lock() // one that has begun
	defer s.file.mu.Unlock()
}

// waitSaved waits until the changes are in the file.
func waitSaved(t *testing.T, k *kit) {
	t.Helper()
	s := k.driver.registry.signers
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		done := s.file.pending == nil
		s.mu.Unlock()
		switch {
		case done:
			s.file.mu.Lock() // the writing goes on
			defer s.file.mu.Unlock()
			return
		case time.Now().After(deadline):
			t.Fatal("the file is not written")
		}
	}
}

// A process that starts after a rotation publishes the old key until the last of its tokens has ended, and not longer.
func TestRetiredKeyOverRestarts(t *testing.T) {
	const life = 600 + rule.MaxLeeway
	dir := filepath.Join(t.TempDir(), "keys")
	next := signingRule(t, "new")
	k := startKit(t, dir, 0)
	k.bind(appOf("shop"), signingRule(t, "old"))
	k.bind(appOf("shop"), next)
	waitSaved(t, k)
	for at, want := range map[int64][]string{1: {"new ES256", "old ES256"}, life - 1: {"new ES256", "old ES256"}, life: {"new ES256"}} {
		k := startKit(t, dir, at)
		k.bind(appOf("shop"), next)
		if got := published(t, k); !slices.Equal(got, want) {
			t.Errorf("started after %d s: %v, want %v", at, got, want)
		}
		endSaving(k.driver.registry.signers)
	}
	k = startKit(t, dir, 1)
	k.bind(appOf("shop"), next)
	waitSaved(t, k)
	k.clock.Add(life - 1)
	if got := published(t, k); !slices.Equal(got, []string{"new ES256"}) {
		t.Errorf("without another start: %v", got)
	}
}

// The rule was changed or deleted, and the process ended at once or was not there: its key may have signed until the start.
func TestRuleChangedWhileOff(t *testing.T) {
	dir := t.TempDir()
	k := startKit(t, dir, 0)
	k.bind(appOf("shop"), signingRule(t, "old"))
	gone := k.bind(appOf("gone"), signingRule(t, "gone"))
	waitSaved(t, k)
	gone[0].Del("gone@app")
	waitSaved(t, k)
	after := startKit(t, dir, 500)
	after.bind(appOf("shop"), signingRule(t, "new"))
	if got := published(t, after); !slices.Equal(got, []string{"new ES256", "old ES256", "gone ES256"}) {
		t.Errorf("at the start: %v", got)
	}
	after.clock.Add(rule.MaxLeeway + 100)
	if got := published(t, after); !slices.Equal(got, []string{"new ES256", "old ES256"}) {
		t.Errorf("after the end of the deleted rule's tokens: %v", got)
	}
	after.clock.Add(500)
	if got := published(t, after); !slices.Equal(got, []string{"new ES256"}) {
		t.Errorf("after the end of all: %v", got)
	}
	if n := after.driver.registry.signers.thumbprints.Size(); n != 3 {
		t.Errorf("%d thumbprints", n)
	}
}

// Shared secrets are not kept, and where no key pair signs there is no file.
func TestSharedSecretIsNotKept(t *testing.T) {
	dir := t.TempDir()
	k := startKit(t, dir, 0)
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`)})
	k.driver.registry.signers.save()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	k.bind(appOf("mall"), signingRule(t, "pair"))
	waitSaved(t, k)
	list, err := retired.New(dir).Load(k.driver.clock.now())
	if err != nil || len(list) != 1 || list[0].Key.ID() != "pair" {
		t.Errorf("%v, %v", list, err)
	}
}

// A file that cannot be used keeps nothing from working; the status page says so until it is written anew.
func TestDamagedSignerFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "signing-keys.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	k := startKit(t, dir, 0)
	state := func() retiredState { return k.driver.status().Retired }
	if got := state(); !strings.Contains(got.DiskError, "not used at the start") || got.Keys == nil {
		t.Errorf("the status is %+v", got)
	}
	k.bind(appOf("shop"), signingRule(t, "old"))
	k.bind(appOf("shop"), signingRule(t, "new"))
	waitSaved(t, k)
	got := state()
	if got.DiskError != "" || len(got.Keys) != 1 || got.Keys[0].ID != "old" || got.Keys[0].Until.Unix() != noon+600+rule.MaxLeeway {
		t.Errorf("the status is %+v", got)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	k.bind(appOf("mall"), signingRule(t, "mall"))
	waitSaved(t, k)
	if got := state(); !strings.Contains(got.DiskError, "next start") {
		t.Errorf("in a directory of everybody: %+v", got)
	}
}

// The lifetime that a file may give covers the longest one of a rule.
func TestLongestLifetimeIsKept(t *testing.T) {
	k := newKit(t)
	private, public := keyPair(t, keys.ES256)
	k.bind(appOf("shop"), entry{config: pairRule(keys.ES256, private, public, `,"access_ttl":86400`)})
	for _, one := range k.driver.registry.signers.signing {
		if one.life > retired.MaxLifetime {
			t.Errorf("%s, more than %s", one.life, retired.MaxLifetime)
		}
	}
}
