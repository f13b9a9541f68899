package token_test

import (
	"fmt"
	"testing"
	"time"

	"apinto-jwt/token"
)

// TestWindow holds the window against the check that it stands for, at both ends and beyond them.
func TestWindow(t *testing.T) {
	t.Parallel()
	const now = 1_700_000_000
	for _, payload := range []string{
		`{}`,
		fmt.Sprintf(`{"exp":%d}`, now+60),
		fmt.Sprintf(`{"exp":%d.25,"nbf":%d.75}`, now+60, now-60),
		fmt.Sprintf(`{"iat":%d,"nbf":%d,"exp":%d}`, now-30, now-60, now+60),
		fmt.Sprintf(`{"iat":%d,"nbf":%d}`, now-60, now-30),
	} {
		v := verified(t, claimed(t, payload))
		for _, e := range []token.Expected{
			{},
			{Leeway: 30 * time.Second},
			{Exp: token.Ignore},
			{Nbf: token.Ignore, Leeway: 10 * time.Second},
			{FutureIssue: true},
		} {
			window := e.Window(v)
			for at := time.Duration(-100); at <= 100; at++ {
				for _, moment := range []time.Duration{0, time.Second / 4, 3 * time.Second / 4} {
					when := time.Unix(now, 0).Add(at*time.Second + moment)
					if got, want := window.Has(when), e.CheckTime(v, when) == nil; got != want {
						t.Errorf("%s, %+v, %v: %v, CheckTime says %v", payload, e, at*time.Second+moment, got, want)
					}
				}
			}
		}
	}
}

func TestWindowUntil(t *testing.T) {
	t.Parallel()
	w := token.Always.Until(1000)
	for at, want := range map[time.Time]bool{
		time.Unix(0, 0): true, time.Unix(999, 999_999_000): true, time.Unix(1000, 0): false, time.Unix(1000, 1): false,
	} {
		if got := w.Has(at); got != want {
			t.Errorf("%v: %v, want %v", at, got, want)
		}
	}
	if got := w.And(token.Always.Until(500)); got != token.Always.Until(500) {
		t.Errorf("and: %v", got)
	}
}
