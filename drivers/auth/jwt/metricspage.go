package jwt

import (
	"io"
	"net/http"
	"time"

	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
)

// showMetrics answers in Prometheus's text format.
func (d *Driver) showMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s := d.status()
	var text metrics.Text
	text.Requests(s.Requests)
	text.Gauge("apinto_jwt_rules", "Rules in force.", s.Rules)
	text.Gauge("apinto_jwt_crowded_rules", "Places and issuers with more rules than one request may try.", len(s.Crowded))
	text.Gauge("apinto_jwt_entries_set_aside", "Stored entries that cannot be used, and accept no token.", len(s.SetAside))
	text.Gauge("apinto_jwt_warnings", "Warnings about the entries in force.", len(s.Warnings))
	text.Gauge("apinto_jwt_users", "Users bound to rules.", s.Users)
	text.Gauge("apinto_jwt_cached_tokens", "Verified tokens in the cache.", s.Cache.Tokens)
	text.Gauge("apinto_jwt_cache_bytes", "Memory of the cache of verified tokens.", int(s.Cache.Bytes)) //nolint:gosec // bounded by its configuration
	text.Total("apinto_jwt_internal_faults_total", "Faults of the driver and its plugins that were stopped at the boundary to the host.", s.Faults)
	writeKeySets(&text, s.KeySets, d.Clock.Now())
	_, _ = io.WriteString(w, text.String()) // the client has gone
}

// writeKeySets writes the state of the key sets that are fetched. There are as many as addresses in rules.
func writeKeySets(text *metrics.Text, sets []registry.KeySet, now time.Time) {
	each := func(number func(registry.KeySet) (float64, bool)) []metrics.Sample {
		var samples []metrics.Sample
		for _, set := range sets {
			if n, ok := number(set); ok {
				samples = append(samples, metrics.Sample{Label: "url", Value: set.URL, Number: n})
			}
		}
		return samples
	}
	text.Gauges("apinto_jwt_key_set_keys", "Keys of a key set that is fetched.",
		each(func(s registry.KeySet) (float64, bool) { return float64(len(s.Keys)), true }))
	text.Gauges("apinto_jwt_key_set_age_seconds", "Time since a key set was last fetched with success; absent if it never was.",
		each(func(s registry.KeySet) (float64, bool) {
			return now.Sub(s.LastSuccess).Seconds(), !s.LastSuccess.IsZero()
		}))
	text.Gauges("apinto_jwt_key_set_max_stale_seconds", "How long a key set is used after its last fetch with success.",
		each(func(s registry.KeySet) (float64, bool) { return float64(s.MaxStale), true }))
	text.Gauges("apinto_jwt_key_set_failures", "Fetches of a key set that have failed since the last one with success.",
		each(func(s registry.KeySet) (float64, bool) { return float64(s.Failures), true }))
	text.Totals("apinto_jwt_key_set_fetches_total", "Fetches of a key set.",
		each(func(s registry.KeySet) (float64, bool) { return float64(s.Fetches), true }))
}
