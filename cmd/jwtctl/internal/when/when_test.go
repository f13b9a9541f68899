package when

import (
	"testing"
	"time"
)

// testNow is the time in tests.
var testNow = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want time.Time // zero: an error
	}{
		{"now", testNow},
		{"15m", testNow.Add(15 * time.Minute)},
		{"+1h", testNow.Add(time.Hour)},
		{"-1h", testNow.Add(-time.Hour)},
		{"1h30m", testNow.Add(90 * time.Minute)},
		{"30d", testNow.AddDate(0, 0, 30)},
		{"+1d12h", testNow.Add(36 * time.Hour)},
		{"-1d12h", testNow.Add(-36 * time.Hour)},
		{"1713339896", time.Unix(1713339896, 0)},
		{"1713339896.5", time.Unix(1713339896, 5e8)},
		{"0", time.Unix(0, 0)},
		{"-1", time.Unix(-1, 0)},
		{"2026-02-01T00:00:00Z", time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
		{"2024-04-17T15:44:56+08:00", time.Unix(1713339896, 0)},
		{"", time.Time{}},
		{"soon", time.Time{}},
		{"15", time.Unix(15, 0)},
		{"+15", time.Time{}},
		{"15 m", time.Time{}},
		{"1h2d", time.Time{}},
		{"1d-2h", time.Time{}},
		{"1d25h", time.Time{}},
		{"100000d", time.Time{}},
		{"1e9", time.Time{}},
		{"9007199254740993000", time.Time{}},
		{"2026-02-01", time.Time{}},
		{"NaN", time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := Parse(tt.text, testNow)
			if !got.Equal(tt.want) || (err == nil) == tt.want.IsZero() {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	const bad = time.Duration(-1)
	tests := []struct {
		text string
		want time.Duration
	}{
		{"30s", 30 * time.Second},
		{"30", 30 * time.Second},
		{"0", 0},
		{"1.5", 1500 * time.Millisecond},
		{"30d", 30 * 24 * time.Hour},
		{"1d1h", 25 * time.Hour},
		{"-1s", bad},
		{"-1", bad},
		{"-1d", bad},
		{"", bad},
		{"long", bad},
		{"99999999999999999999", bad},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := Span(tt.text)
			if tt.want == bad && err == nil || tt.want != bad && (err != nil || got != tt.want) {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}
