package jwt

import (
	"encoding/json"
	"net/http"

	"github.com/eolinker/eosc/router"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
)

// statusPath is where the admin address shows what the driver of its node does: GET /apinto/jwt/status (JSON) and
// GET /apinto/jwt/metrics (Prometheus text), and where POST /apinto/jwt/explain says why a token is refused (explain.go). The host passes paths under /apinto/ to the worker process, as it does for
// its own metrics, so that they stand where the admin API stands and nowhere else.
const statusPath = "jwt"

// status is what GET /apinto/jwt/status shows.
type status struct {
	Rules    int                   `json:"rules"`
	Users    int                   `json:"users"`
	Faults   uint64                `json:"internal_faults"`
	Warnings []registry.Warning    `json:"warnings"`
	SetAside []registry.Aside      `json:"set_aside"`
	Requests []metrics.State       `json:"requests"`
	Hints    []authn.HintState     `json:"hints"`
	KeySets  []registry.KeySet     `json:"key_sets"`
	Cache    cacheState            `json:"cache"`
	Retired  issuance.RetiredState `json:"retired_keys"`
	// Crowded are rules that are too many for one request.
	Crowded []registry.CrowdedRules `json:"crowded_rules"`
}

// cacheState is the cache of verified tokens.
type cacheState struct {
	Tokens int    `json:"tokens"`
	Bytes  uint64 `json:"bytes"`
}

// serveStatus puts the driver's pages on the admin address of this process's node.
func (d *Driver) serveStatus() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+router.RouterPrefix+statusPath+"/status", d.showStatus)
	mux.HandleFunc("GET "+router.RouterPrefix+statusPath+"/metrics", d.showMetrics)
	mux.HandleFunc("POST "+router.RouterPrefix+statusPath+"/explain", d.serveExplain)
	mux.HandleFunc("GET "+router.RouterPrefix+statusPath+"/refusals", d.serveRefusals)
	return router.SetPath("apinto-jwt", statusPath, mux)
}

// status is the state now.
func (d *Driver) status() status {
	s := status{Faults: d.Panics.Total(), Requests: d.Counters.States(), KeySets: d.Registry.KeySets(), Crowded: d.Registry.Crowded()}
	s.Rules, s.Users = d.Registry.Size()
	s.Warnings, s.SetAside = d.Registry.Remarks()
	s.Hints = d.Hints()
	s.Retired = d.Registry.Signers.RetiredState(d.Clock.Now())
	s.Cache.Tokens, s.Cache.Bytes = d.Cached()
	return s
}

// showStatus answers with the state as JSON.
func (d *Driver) showStatus(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(d.status()) // the client has gone
}
