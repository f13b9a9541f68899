package registry

import (
	"maps"
	"slices"
	"time"

	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// KeySet is a key set that is fetched.
type KeySet struct {
	URL         string             `json:"url"`
	Endpoint    string             `json:"endpoint,omitempty"`
	Keys        []issuance.KeyInfo `json:"keys"`
	LastFetch   time.Time          `json:"last_fetch,omitzero"`
	LastSuccess time.Time          `json:"last_success,omitzero"`
	NextFetch   time.Time          `json:"next_fetch,omitzero"`
	Refresh     int64              `json:"refresh"`   // in seconds, as is MaxStale: those in force for all who use the set
	MaxStale    int64              `json:"max_stale"` // as in jwks_max_stale
	Fetches     uint64             `json:"fetches"`
	Failures    int                `json:"failures"`
	LastError   string             `json:"last_error,omitempty"`
	FromDisk    bool               `json:"from_disk,omitempty"`
	DiskError   string             `json:"disk_error,omitempty"`
	Warnings    []string           `json:"warnings,omitempty"`
}

// KeySets is the state of every key set that is fetched, each once, however its rules differ in their schedules.
func (g *Registry) KeySets() []KeySet {
	g.mu.Lock()
	defer g.mu.Unlock()
	sets := make(map[string]KeySet)
	note := func(source *rule.KeySource, handle *keyHandle) {
		if handle.live == nil {
			return
		}
		c := *source.Remote
		c.Refresh, c.MaxStale = 0, 0
		if id := rule.RemoteKeys(c).ID; sets[id].URL == "" {
			sets[id] = newKeySet(handle.live.Status())
		}
	}
	for _, group := range g.index.groups {
		note(group.source, group.handle)
	}
	for _, b := range g.bindings {
		for _, clients := range b.clients {
			for _, c := range clients {
				note(c.source, c.handle)
			}
		}
	}
	list := make([]KeySet, 0, len(sets))
	for _, id := range slices.Sorted(maps.Keys(sets)) {
		list = append(list, sets[id])
	}
	return list
}

// newKeySet is a set's state as it is shown.
func newKeySet(s remote.Status) KeySet {
	shown := KeySet{
		URL: s.URL, Endpoint: s.Endpoint, Keys: make([]issuance.KeyInfo, 0, len(s.Keys)),
		LastFetch: s.LastFetch, LastSuccess: s.LastSuccess, NextFetch: s.NextFetch,
		Refresh: int64(s.Refresh / time.Second), MaxStale: int64(s.MaxStale / time.Second),
		Fetches: s.Fetches, Failures: s.Failures, LastError: s.LastError, FromDisk: s.FromDisk, DiskError: s.DiskError, Warnings: s.Warnings,
	}
	for _, key := range s.Keys {
		shown.Keys = append(shown.Keys, issuance.KeyInfo{ID: printable.Text(key.ID), Algorithms: key.Algorithms, Thumbprint: key.Thumbprint})
	}
	return shown
}
