package issuance

import (
	"slices"
	"testing"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// pair returns a new key pair of this ID.
func pair(t *testing.T, id string) *keys.Key { return signingRule(t, id).Issue.Key.Verifier() }

// lentLife is how long a token of the keys that the tests lend may be good.
const lentLife = 60 + rule.MaxLeeway

// A key that others than rules sign with is published while one of them signs, and until the last of its tokens has ended.
func TestLentKey(t *testing.T) {
	k := startKit(t, t.TempDir(), 0)
	k.bind("shop", signingRule(t, "rule"))
	old, next := pair(t, "old"), pair(t, "b-new")
	if issuing := k.rules["shop"].Issue.Key.Verifier(); !k.Issues(issuing) || k.Issues(old) {
		t.Error("the rule's key is not told from others")
	}
	k.Lend(old, lentLife*time.Second)
	k.Lend(old, 10*time.Second)
	k.Lend(next, lentLife*time.Second)
	expect := func(want ...string) {
		t.Helper()
		if got := published(k); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	expect("rule ES256", "b-new ES256", "old ES256")
	if k.Issues(old) {
		t.Error("a key that is lent is taken for a rule's")
	}
	k.Return(old, k.now())
	k.clock.Add(lentLife)
	expect("rule ES256", "b-new ES256", "old ES256") // one has it still, with the longer life
	k.Return(old, k.now())
	k.Return(old, k.now()) // once too often
	k.clock.Add(lentLife - 1)
	expect("rule ES256", "b-new ES256", "old ES256")
	if state := k.RetiredState(k.now()); len(state.Keys) != 1 || state.Keys[0].ID != "old" {
		t.Errorf("retired: %+v", state.Keys)
	}
	k.Lend(old, lentLife*time.Second) // again
	expect("rule ES256", "b-new ES256", "old ES256")
	k.Return(old, k.now())
	k.clock.Add(lentLife)
	expect("rule ES256", "b-new ES256")
	k.Return(next, k.now())
	k.clock.Add(lentLife)
	expect("rule ES256")
	k.bind("shop", nil)
	if n := k.thumbprints.Size(); n == 0 {
		t.Error("nothing is counted any more, and tokens of the rule are good")
	}
}

// So it is when the process starts again, whether it signs with the key then or not.
func TestLentKeyOverRestarts(t *testing.T) {
	old, next := pair(t, "old"), pair(t, "new")
	tests := map[string]struct {
		returned bool
		at       int64 // of the next start
		ends     int64 // of the old key's last token
	}{
		"lent":                  {false, 0, lentLife},
		"lent, started late":    {false, 1000, 1000 + lentLife}, // it may have signed until then
		"returned":              {true, 10, lentLife},
		"returned, nearly over": {true, lentLife - 1, lentLife},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			k := startKit(t, dir, 0)
			k.Lend(old, lentLife*time.Second)
			k.Lend(next, lentLife*time.Second)
			if test.returned {
				k.Return(old, k.now())
			}
			waitSaved(t, k)
			after := startKit(t, dir, test.at)
			after.Lend(next, lentLife*time.Second)
			for at, want := range map[int64][]string{test.at: {"new ES256", "old ES256"}, test.ends - 1: {"new ES256", "old ES256"}, test.ends: {"new ES256"}} {
				after.clock.Store(noon + at)
				if got := published(after); !slices.Equal(got, want) {
					t.Errorf("after %d s: %v, want %v", at, got, want)
				}
			}
		})
	}
}
