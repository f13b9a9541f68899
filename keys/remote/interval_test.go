package remote

import (
	"testing"
	"time"

	"apinto-jwt/keys/remote/internal/origin"
)

func TestInterval(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	const date = "Tue, 01 Jan 2030 00:00:00 GMT"
	tests := []struct {
		name    string
		header  map[string]string
		refresh time.Duration
		want    time.Duration
	}{
		{"nothing said", nil, 0, DefaultRefresh},
		{"nothing said, own interval", nil, time.Minute, time.Minute},
		{"nothing of age", map[string]string{"Cache-Control": "public, must-revalidate"}, 0, DefaultRefresh},
		{"max-age", map[string]string{"Cache-Control": "public, max-age=3600, must-revalidate"}, 0, time.Hour},
		{"max-age quoted, in another case", map[string]string{"Cache-Control": `Max-Age="90"`}, 0, 90 * time.Second},
		{"max-age goes before Expires", map[string]string{"Cache-Control": "max-age=60", "Expires": date}, 0, time.Minute},
		{"max-age less the age", map[string]string{"Cache-Control": "max-age=3600", "Age": "600"}, 0, 50 * time.Minute},
		{"older than max-age", map[string]string{"Cache-Control": "max-age=60", "Age": "600"}, 0, minFresh},
		{"two of them", map[string]string{"Cache-Control": "max-age=600, max-age=60"}, 0, time.Minute},
		{"s-maxage is not for us", map[string]string{"Cache-Control": "s-maxage=60"}, 0, DefaultRefresh},
		{"too short", map[string]string{"Cache-Control": "max-age=1"}, 0, minFresh},
		{"too short, but we ask more often", map[string]string{"Cache-Control": "max-age=1"}, 5 * time.Second, 5 * time.Second},
		{"no-store", map[string]string{"Cache-Control": "no-store"}, 0, minFresh},
		{"no-cache", map[string]string{"Cache-Control": "no-cache, max-age=3600"}, 0, minFresh},
		{"negative", map[string]string{"Cache-Control": "max-age=-5"}, 0, minFresh},
		{"no number", map[string]string{"Cache-Control": "max-age=soon"}, 0, minFresh},
		{"a day and more", map[string]string{"Cache-Control": "max-age=604800"}, 0, 18 * time.Hour},
		{"beyond all numbers", map[string]string{"Cache-Control": "max-age=99999999999999999999"}, 0, 18 * time.Hour},
		{"Expires", map[string]string{"Expires": "Tue, 01 Jan 2030 01:00:00 GMT"}, 0, time.Hour},
		{"Expires after Date", map[string]string{"Expires": "Tue, 01 Jan 2030 01:00:00 GMT", "Date": "Tue, 01 Jan 2030 00:30:00 GMT"}, 0, 30 * time.Minute},
		{"Expires in the past", map[string]string{"Expires": "Mon, 31 Dec 2029 00:00:00 GMT"}, 0, minFresh},
		{"Expires zero", map[string]string{"Expires": "0"}, 0, minFresh},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Config{Refresh: test.refresh}.withDefaults()
			if got := termsOf(c).interval(origin.FreshnessOf(headerOf(test.header), now)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// However long the answer may be used, a quarter of the time to live is left for failures, and never more than a day.
func TestIntervalIsBounded(t *testing.T) {
	week := headerOf(map[string]string{"Cache-Control": "max-age=604800"})
	for _, test := range []struct{ stale, want time.Duration }{
		{time.Hour, 45 * time.Minute},
		{MaxMaxStale, maxFresh},
	} {
		c := Config{MaxStale: test.stale}.withDefaults()
		if got := termsOf(c).interval(origin.FreshnessOf(week, time.Now())); got != test.want {
			t.Errorf("MaxStale %s: got %s, want %s", test.stale, got, test.want)
		}
	}
	if got := termsOf(Config{MaxStale: time.Minute}.withDefaults()).interval(origin.Freshness{}); got != 45*time.Second {
		t.Errorf("Refresh longer than MaxStale: %s", got)
	}
}

func TestJitter(t *testing.T) {
	for _, test := range []struct {
		random float64
		want   time.Duration
	}{{0, 90 * time.Second}, {0.5, 100 * time.Second}, {1, 110 * time.Second}} {
		o := Options{Random: func() float64 { return test.random }}
		if got := o.jitter(100 * time.Second); got != test.want {
			t.Errorf("%g: got %s, want %s", test.random, got, test.want)
		}
	}
	o := Options{}.withDefaults()
	first := o.jitter(time.Hour)
	for range 100 {
		if got := o.jitter(time.Hour); got < 54*time.Minute || got > 66*time.Minute {
			t.Errorf("got %s", got)
		} else if got != first {
			return
		}
	}
	t.Error("there is no jitter")
}
