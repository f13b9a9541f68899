package jwt

import (
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
)

// keySet is a key set that is fetched.
type keySet struct {
	URL         string    `json:"url"`
	Endpoint    string    `json:"endpoint,omitempty"`
	Keys        []keyInfo `json:"keys"`
	LastFetch   time.Time `json:"last_fetch,omitzero"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	NextFetch   time.Time `json:"next_fetch,omitzero"`
	Fetches     uint64    `json:"fetches"`
	Failures    int       `json:"failures"`
	LastError   string    `json:"last_error,omitempty"`
	FromDisk    bool      `json:"from_disk,omitempty"`
	Warnings    []string  `json:"warnings,omitempty"`
}

// keyInfo is one key of a set.
type keyInfo struct {
	ID         string           `json:"kid,omitempty"`
	Algorithms []keys.Algorithm `json:"algorithms"`
	Thumbprint string           `json:"thumbprint,omitempty"`
}

// keySets is the state of every key set that is fetched, each once.
func (g *registry) keySets() []keySet {
	g.mu.Lock()
	defer g.mu.Unlock()
	sets := make(map[string]keySet)
	for key, group := range g.index.groups {
		if group.held.live != nil {
			sets[key.source] = newKeySet(group.held.live.Status())
		}
	}
	list := make([]keySet, 0, len(sets))
	for _, id := range sortedNames(sets) {
		list = append(list, sets[id])
	}
	return list
}

// newKeySet is a set's state as it is shown.
func newKeySet(s remote.Status) keySet {
	shown := keySet{
		URL: s.URL, Endpoint: s.Endpoint, Keys: make([]keyInfo, 0, len(s.Keys)),
		LastFetch: s.LastFetch, LastSuccess: s.LastSuccess, NextFetch: s.NextFetch,
		Fetches: s.Fetches, Failures: s.Failures, LastError: s.LastError, FromDisk: s.FromDisk, Warnings: s.Warnings,
	}
	for _, key := range s.Keys {
		shown.Keys = append(shown.Keys, keyInfo{ID: printable(key.ID), Algorithms: key.Algorithms, Thumbprint: key.Thumbprint})
	}
	return shown
}
