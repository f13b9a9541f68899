package rig

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// keySetState is a key set on the status page.
type keySetState struct {
	URL         string    `json:"url"`
	Keys        []keyInfo `json:"keys"`
	Fetches     int       `json:"fetches"`
	Failures    int       `json:"failures"`
	LastError   string    `json:"last_error"`
	LastSuccess time.Time `json:"last_success"`
	NextFetch   time.Time `json:"next_fetch"`
	FromDisk    bool      `json:"from_disk"`
	DiskError   string    `json:"disk_error"`
	Refresh     int       `json:"refresh"`
	MaxStale    int       `json:"max_stale"`
}

// keyInfo is a key on the status page.
type keyInfo struct {
	ID         string   `json:"kid"`
	Algorithms []string `json:"algorithms"`
	Thumbprint string   `json:"thumbprint"`
}

// statusPage is what GET /apinto/jwt/status shows.
type statusPage struct {
	Rules    int `json:"rules"`
	Users    int `json:"users"`
	Faults   int `json:"internal_faults"`
	Requests []struct {
		Reason      string    `json:"reason"`
		Application string    `json:"application"`
		KeyID       string    `json:"kid"`
		Count       int       `json:"count"`
		LastUsed    time.Time `json:"last_used"`
	} `json:"requests"`
	KeySets  []keySetState `json:"key_sets"`
	SetAside []struct {
		Application string   `json:"application"`
		Faults      []string `json:"faults"`
	} `json:"set_aside"`
	Warnings []struct {
		Application string `json:"application"`
		Warning     string `json:"warning"`
	} `json:"warnings"`
	Hints []HintCount `json:"hints"`
}

// HintCount is how many requests were given a hint.
type HintCount struct {
	Hint  string `json:"hint"`
	Count int    `json:"count"`
}

// Status reads the status page of a node.
func Status(t *testing.T, node *gateway.Node) statusPage {
	t.Helper()
	body, err := node.Call(context.Background(), http.MethodGet, "/apinto/jwt/status", nil)
	if err != nil {
		t.Fatal(err)
	}
	var page statusPage
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return page
}

// Count is how often requests came to this, by the node's status page.
func (p statusPage) Count(reason, application, kid string) int {
	for _, one := range p.Requests {
		if one.Reason == reason && one.Application == application && one.KeyID == kid {
			return one.Count
		}
	}
	return 0
}
