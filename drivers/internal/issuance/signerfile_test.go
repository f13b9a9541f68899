package issuance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys/retired"
	"apinto-jwt/rule"
)

// noon is the time that it is in these tests: 2024-03-01T12:00:00Z.
const noon = 1709294400

// kit is the signers of a process, which keeps them in a directory, and the rules of its applications.
type kit struct {
	*Signers
	rules map[string]*rule.Rule
	clock atomic.Int64
}

// startKit returns a process that starts at this time, seconds after noon, and keeps its signing keys in the directory.
func startKit(t *testing.T, dir string, at int64) *kit {
	t.Helper()
	k := &kit{Signers: NewSigners(), rules: make(map[string]*rule.Rule)}
	k.clock.Store(noon + at)
	k.Keep(dir, k.now, func(place string) { t.Error("a panic: ", place) })
	t.Cleanup(func() { endSaving(k.Signers) })
	return k
}

func (k *kit) now() time.Time { return time.Unix(k.clock.Load(), 0) }

// bind gives an application the rule, in place of the one that it has; nil gives none.
func (k *kit) bind(app string, r *rule.Rule) {
	if r != nil {
		k.Begin(r)
	}
	if old := k.rules[app]; old != nil {
		k.End(old, k.now())
	}
	k.rules[app] = r
}

// signingRule returns an issuing rule with a new key pair of this ID, whose tokens live for ten minutes.
func signingRule(t *testing.T, id string) *rule.Rule {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must.Succeed(t, err)
	return issuingRule(t, map[string]any{
		"algorithm": "ES256", "rsa_public_key": jwttest.PublicPEM(key.Public()),
		"issue": map[string]any{"private_key": jwttest.PrivatePEM(key), "kid": id, "access_ttl": 600},
	})
}

// issuingRule returns a rule with these fields, of the issuer "us".
func issuingRule(t *testing.T, fields map[string]any) *rule.Rule {
	t.Helper()
	fields["iss"], fields["path"] = "us", "sub"
	text, err := json.Marshal(fields)
	must.Succeed(t, err)
	cfg := new(rule.Config)
	must.Succeed(t, json.Unmarshal(text, cfg))
	r, err := rule.NewCompiler([]byte("salt")).Compile("", "", cfg, rule.Saved)
	must.Succeed(t, err)
	return r
}

// published lists the keys as "kid alg".
func published(k *kit) []string {
	var list []string
	for _, key := range k.Published(k.now()).Keys() {
		list = append(list, key.ID()+" "+key.Algorithms().String())
	}
	return list
}

// endSaving ends the writing, before the directory goes.
func endSaving(s *Signers) {
	s.mu.Lock()
	s.file.pending = time.NewTimer(time.Hour)
	s.mu.Unlock()
	s.file.mu.Lock() // one that has begun
	defer s.file.mu.Unlock()
}

// waitSaved waits until the changes are in the file.
func waitSaved(t *testing.T, k *kit) {
	t.Helper()
	s := k.Signers
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
	k.bind("shop", signingRule(t, "old"))
	k.bind("shop", next)
	waitSaved(t, k)
	for at, want := range map[int64][]string{1: {"new ES256", "old ES256"}, life - 1: {"new ES256", "old ES256"}, life: {"new ES256"}} {
		k := startKit(t, dir, at)
		k.bind("shop", next)
		if got := published(k); !slices.Equal(got, want) {
			t.Errorf("started after %d s: %v, want %v", at, got, want)
		}
		endSaving(k.Signers)
	}
	k = startKit(t, dir, 1)
	k.bind("shop", next)
	waitSaved(t, k)
	k.clock.Add(life - 1)
	if got := published(k); !slices.Equal(got, []string{"new ES256"}) {
		t.Errorf("without another start: %v", got)
	}
}

// The rule was changed or deleted, and the process ended at once or was not there: its key may have signed until the start.
func TestRuleChangedWhileOff(t *testing.T) {
	dir := t.TempDir()
	k := startKit(t, dir, 0)
	k.bind("shop", signingRule(t, "old"))
	k.bind("gone", signingRule(t, "gone"))
	waitSaved(t, k)
	k.bind("gone", nil)
	waitSaved(t, k)
	after := startKit(t, dir, 500)
	after.bind("shop", signingRule(t, "new"))
	if got := published(after); !slices.Equal(got, []string{"new ES256", "old ES256", "gone ES256"}) {
		t.Errorf("at the start: %v", got)
	}
	after.clock.Add(rule.MaxLeeway + 100)
	if got := published(after); !slices.Equal(got, []string{"new ES256", "old ES256"}) {
		t.Errorf("after the end of the deleted rule's tokens: %v", got)
	}
	after.clock.Add(500)
	if got := published(after); !slices.Equal(got, []string{"new ES256"}) {
		t.Errorf("after the end of all: %v", got)
	}
	if n := after.thumbprints.Size(); n != 3 {
		t.Errorf("%d thumbprints", n)
	}
}

// Shared secrets are not kept, and if no key pair signs there is no file.
func TestSharedSecretIsNotKept(t *testing.T) {
	dir := t.TempDir()
	k := startKit(t, dir, 0)
	k.bind("shop", issuingRule(t, map[string]any{"algorithm": "HS256", "secret": "a secret of 32 bytes, for HS256.", "issue": map[string]any{}}))
	k.save()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	k.bind("mall", signingRule(t, "pair"))
	waitSaved(t, k)
	list, err := retired.New(dir).Load(k.now())
	if err != nil || len(list) != 1 || list[0].Key.ID() != "pair" {
		t.Errorf("%v, %v", list, err)
	}
}

// A file that cannot be used keeps nothing from working; the status page says so until it is written anew.
func TestDamagedSignerFile(t *testing.T) {
	dir := t.TempDir()
	must.Succeed(t, os.WriteFile(filepath.Join(dir, "signing-keys.json"), []byte("{"), 0o600))
	k := startKit(t, dir, 0)
	state := func() RetiredState { return k.RetiredState(k.now()) }
	if got := state(); !strings.Contains(got.DiskError, "not used at the start") || got.Keys == nil {
		t.Errorf("the status is %+v", got)
	}
	k.bind("shop", signingRule(t, "old"))
	k.bind("shop", signingRule(t, "new"))
	waitSaved(t, k)
	got := state()
	if got.DiskError != "" || len(got.Keys) != 1 || got.Keys[0].ID != "old" || got.Keys[0].Until.Unix() != noon+600+rule.MaxLeeway {
		t.Errorf("the status is %+v", got)
	}
	must.Succeed(t, os.Chmod(dir, 0o777))
	k.bind("mall", signingRule(t, "mall"))
	waitSaved(t, k)
	if got := state(); !strings.Contains(got.DiskError, "next start") {
		t.Errorf("in a directory of everybody: %+v", got)
	}
}

// The lifetime that a file may give covers the longest one of a rule.
func TestLongestLifetimeIsKept(t *testing.T) {
	s := NewSigners()
	s.Begin(issuingRule(t, map[string]any{
		"algorithm": "HS256", "secret": "a secret of 32 bytes, for HS256.", "issue": map[string]any{"access_ttl": 86400},
	}))
	for _, one := range s.signing {
		if one.life > retired.MaxLifetime {
			t.Errorf("%s, more than %s", one.life, retired.MaxLifetime)
		}
	}
	if len(s.signing) != 1 {
		t.Errorf("%d keys sign", len(s.signing))
	}
}

// There is an end to the keys that are remembered.
func TestRetiredAreBounded(t *testing.T) {
	s := NewSigners()
	key := signingRule(t, "a").Issue.Key.Verifier()
	s.mu.Lock()
	defer s.mu.Unlock()
	for range maxRetired + 5 {
		one := &signingKey{key: key, until: time.Unix(noon+1e6, 0)}
		s.count(one, +1)
		s.retire(one, time.Unix(noon+1e5, 0))
	}
	if n := len(s.retired); n != maxRetired {
		t.Errorf("%d keys are remembered", n)
	}
	if n, _ := s.thumbprints.Load(key.Thumbprint()); n != maxRetired {
		t.Errorf("%d are counted", n)
	}
}
