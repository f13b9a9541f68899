package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
)

// The limits are those that are documented.
func TestLimits(t *testing.T) {
	if grace != 10*time.Second || callTimeout != 500*time.Millisecond {
		t.Error("docs/issuing.md says otherwise")
	}
}

// The time of grace begins when the answer could be given, however long that takes.
func TestGraceBeginsWithTheAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		family := NewFamily("o")
		rotate := func(want Rotation) {
			t.Helper()
			if got, err := f.Rotate(family, 1, "answer", time.Hour); got != want || err != nil {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		must.Succeed(t, f.Begin(family, "o", 9, time.Hour))
		rotate(Rotation{Outcome: Rotated})
		f.later(family, time.Minute) // the first who asked has not got it
		rotate(Rotation{Repeated, "answer"})
		if err := f.Delivered(family, 1); err != nil {
			t.Error(err)
		}
		f.later(family, grace-time.Second)
		if err := f.Delivered(family, 1); err != nil { // it begins once
			t.Error(err)
		}
		rotate(Rotation{Repeated, "answer"})
		f.later(family, 2*time.Second)
		rotate(Rotation{Outcome: Reused})
		rotate(Rotation{Outcome: Unknown})
	})
}

// Whoever revokes one access token of a session after another does not fill the store: those that have expired go, and a
// thousand that have not end the session.
func TestRevokedOfAFamily(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		for _, tt := range []struct {
			name  string
			keep  time.Duration
			ended bool
		}{{"they expire", time.Millisecond, false}, {"they do not", time.Hour, true}} {
			family := NewFamily("o")
			must.Succeed(t, f.Begin(family, "o", 9, time.Hour))
			for i := range maxRevoked + 10 {
				if i == maxRevoked-20 {
					time.Sleep(10 * time.Millisecond)
				}
				must.Succeed(t, f.Revoke(fmt.Sprintf("%s.%d", family, i), tt.keep))
			}
			for _, id := range []string{family + ".0", fmt.Sprintf("%s.%d", family, maxRevoked+9), family + ".other"} {
				if got, err := f.Ended(id); err != nil || tt.ended && !got || !tt.ended && got && id == family+".other" {
					t.Errorf("%s: %s is ended: %v, %v", tt.name, strings.TrimPrefix(id, family), got, err)
				}
			}
			if n := f.fields(family); n > 50 {
				t.Errorf("%s: %d are left in the store", tt.name, n)
			}
		}
	})
}
