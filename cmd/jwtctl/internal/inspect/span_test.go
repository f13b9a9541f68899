package inspect

import (
	"math"
	"testing"
	"time"
)

func TestRelative(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "now"},
		{time.Millisecond, "in 1 second"},
		{-time.Second, "1 second ago"},
		{90 * time.Second, "in 90 seconds"},
		{2 * time.Minute, "in 2 minutes"},
		{5*time.Minute - time.Millisecond, "in 5 minutes"},
		{-119 * time.Minute, "119 minutes ago"},
		{2 * time.Hour, "in 2 hours"},
		{-3 * day, "3 days ago"},
		{2*365*day - time.Second, "in 729 days"},
		{-8 * 365 * day, "8 years ago"},
		{math.MaxInt64, "in 292 years"},
		{math.MinInt64 + 1, "292 years ago"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := Relative(testNow.Add(tt.d), testNow); got != tt.want {
				t.Errorf("got %s", got)
			}
		})
	}
	if got := Relative(time.Unix(1<<53, 0), testNow); got != "in 292 years" {
		t.Errorf("the last NumericDate: %s", got)
	}
}
