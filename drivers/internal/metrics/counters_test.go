package metrics

import (
	"fmt"
	"testing"
	"time"

	"apinto-jwt/token"
)

// There is an end to the counters: what comes beyond is counted by its reason alone.
func TestCountersAreBounded(t *testing.T) {
	all := New()
	for n := range maxCounters {
		all.Of(Key{token.Accepted, fmt.Sprint(n), ""})
	}
	for n := range 10 {
		var latest Latest
		for range 3 {
			latest.Of(Key{token.Accepted, fmt.Sprintf("app %d", n), "a"}, all).Count(time.Unix(7, 0))
		}
	}
	if size := all.all.Size(); size > maxCounters+2 {
		t.Errorf("%d counters", size)
	}
	if one, ok := all.all.Load(Key{Reason: token.Accepted}); !ok || one.count.Load() != 30 || one.last.Load() != 7 {
		t.Error("requests beyond the bound were not counted by their reason")
	}
}

// A counter that was used last is not taken for another key's.
func TestLatest(t *testing.T) {
	all := New()
	var latest Latest
	for _, app := range []string{"a", "a", "b", "a"} {
		latest.Of(Key{token.UserUnknown, app, "k"}, all).Count(time.Unix(9, 0))
	}
	at := time.Unix(9, 0).UTC()
	want := []State{{"user_unknown", "a", "k", 3, at}, {"user_unknown", "b", "k", 1, at}}
	if got := all.States(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}
