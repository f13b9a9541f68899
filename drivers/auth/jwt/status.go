package jwt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/eolinker/eosc/router"

	"apinto-jwt/internal/printable"
)

// statusPath is where the admin address shows what the driver of its node does: GET /apinto/jwt/status (JSON) and
// GET /apinto/jwt/metrics (Prometheus text). The host passes paths under /apinto/ to the worker process, as it does for
// its own metrics, so that they stand where the admin API stands and nowhere else.
const statusPath = "jwt"

// status is what GET /apinto/jwt/status shows.
type status struct {
	Rules    int          `json:"rules"`
	Users    int          `json:"users"`
	Faults   uint64       `json:"internal_faults"`
	Warnings []warning    `json:"warnings"`
	SetAside []aside      `json:"set_aside"`
	Requests []tallyState `json:"requests"`
	Hints    []hintState  `json:"hints"`
	KeySets  []keySet     `json:"key_sets"`
	Cache    cacheState   `json:"cache"`
	Retired  retiredState `json:"retired_keys"`
	// Crowded are rules that are too many for one request.
	Crowded []crowdedRules `json:"crowded_rules"`
}

// cacheState is the cache of verified tokens.
type cacheState struct {
	Tokens int    `json:"tokens"`
	Bytes  uint64 `json:"bytes"`
}

// tallyState is one counter.
type tallyState struct {
	Reason      string    `json:"reason"`
	Application string    `json:"application,omitempty"`
	KeyID       string    `json:"kid,omitempty"`
	Count       uint64    `json:"count"`
	LastUsed    time.Time `json:"last_used"`
}

// serveStatus puts the driver's pages on the admin address of this process's node.
func (d *driver) serveStatus() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+router.RouterPrefix+statusPath+"/status", d.showStatus)
	mux.HandleFunc("GET "+router.RouterPrefix+statusPath+"/metrics", d.showMetrics)
	return router.SetPath("apinto-jwt", statusPath, mux)
}

// status is the state now.
func (d *driver) status() status {
	s := status{Faults: d.faults.Total(), Requests: []tallyState{}, KeySets: d.registry.keySets(), Crowded: d.registry.crowded()}
	s.Rules, s.Users = d.registry.size()
	s.Warnings, s.SetAside = d.registry.remarks()
	s.Hints = d.hints.states()
	s.Retired = d.registry.signers.retiredState(d.clock.now())
	s.Cache.Tokens, s.Cache.Bytes = d.memories.cache.Size()
	d.tallies.all.Range(func(key tallyKey, t *tally) bool {
		s.Requests = append(s.Requests, tallyState{
			Reason: key.reason.String(), Application: key.application, KeyID: printable.Text(key.keyID),
			Count: t.count.Load(), LastUsed: time.Unix(t.last.Load(), 0).UTC(),
		})
		return true
	})
	slices.SortFunc(s.Requests, func(a, b tallyState) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Application, b.Application), cmp.Compare(a.KeyID, b.KeyID))
	})
	return s
}

// showStatus answers with the state as JSON.
func (d *driver) showStatus(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(d.status()) // the client has gone
}

// showMetrics answers in Prometheus's text format.
func (d *driver) showMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s := d.status()
	var b strings.Builder
	metric(&b, "apinto_jwt_requests_total", "counter", "Requests by what they came to; token_missing: no token was found in them.")
	for _, t := range s.Requests {
		fmt.Fprintf(&b, "apinto_jwt_requests_total{%s} %d\n", t.labels(), t.Count)
	}
	metric(&b, "apinto_jwt_last_used_timestamp_seconds", "gauge", "When the last request of the kind came.")
	for _, t := range s.Requests {
		fmt.Fprintf(&b, "apinto_jwt_last_used_timestamp_seconds{%s} %d\n", t.labels(), t.LastUsed.Unix())
	}
	metric(&b, "apinto_jwt_rules", "gauge", "Rules in force.")
	fmt.Fprintf(&b, "apinto_jwt_rules %d\n", s.Rules)
	metric(&b, "apinto_jwt_entries_set_aside", "gauge", "Stored entries that cannot be used, and accept no token.")
	fmt.Fprintf(&b, "apinto_jwt_entries_set_aside %d\n", len(s.SetAside))
	metric(&b, "apinto_jwt_warnings", "gauge", "Warnings about the entries in force.")
	fmt.Fprintf(&b, "apinto_jwt_warnings %d\n", len(s.Warnings))
	metric(&b, "apinto_jwt_users", "gauge", "Users bound to rules.")
	fmt.Fprintf(&b, "apinto_jwt_users %d\n", s.Users)
	metric(&b, "apinto_jwt_internal_faults_total", "counter", "Faults of the driver and its plugins that were stopped at the boundary to the host.")
	fmt.Fprintf(&b, "apinto_jwt_internal_faults_total %d\n", s.Faults)
	_, _ = io.WriteString(w, b.String()) // the client has gone
}

// metric writes the head of a metric.
func metric(b *strings.Builder, name, kind, help string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labels are the counter's labels in Prometheus's text format.
func (t tallyState) labels() string {
	return fmt.Sprintf(`reason="%s",application="%s",kid="%s"`,
		t.Reason, labelEscapes.Replace(t.Application), labelEscapes.Replace(t.KeyID))
}

// labelEscapes are the only ones that the format knows: those of %q beyond them make the whole page unreadable.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
