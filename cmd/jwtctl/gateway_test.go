package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// gatewayFake is the part of a gateway's admin API that has hashes and applications, as Apinto v0.22.19 answers.
type gatewayFake struct {
	mu     sync.Mutex
	hashes map[string]map[string]string
	users  map[string][]string // by application
	status int                 // of every answer, if it is not 0
}

func newGatewayFake(t *testing.T) (*gatewayFake, string) {
	t.Helper()
	g := &gatewayFake{hashes: make(map[string]map[string]string), users: map[string][]string{"shop": {"ann"}, "sh|op": {"a/n|n é"}}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return g, server.URL
}

func (g *gatewayFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.status != 0 {
		w.WriteHeader(g.status)
		_, _ = io.WriteString(w, "no\x1b[2J")
		return
	}
	// httprouter matches the path without its escapes: a field with a slash would be two.
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) == 3 && parts[0] == "api" && parts[1] == "app" {
		g.showApp(w, strings.ToLower(parts[2]))
		return
	}
	if len(parts) < 2 || len(parts) > 3 || parts[0] != "hash" {
		http.NotFound(w, r)
		return
	}
	hash := g.hashes[parts[1]]
	switch {
	case r.Method == http.MethodPut && len(parts) == 3:
		if hash == nil {
			hash = make(map[string]string)
			g.hashes[parts[1]] = hash
		}
		value, _ := io.ReadAll(r.Body)
		hash[parts[2]] = string(value)
	case r.Method == http.MethodDelete && len(parts) == 3:
		if _, there := hash[parts[2]]; !there {
			http.Error(w, fmt.Sprintf(`"not found %s.%s"`, parts[1], parts[2]), http.StatusNotFound)
			return
		}
		delete(hash, parts[2])
	case r.Method == http.MethodGet && len(parts) == 2:
		if len(hash) == 0 {
			http.Error(w, `"not found key: `+parts[1]+`"`, http.StatusNotFound)
			return
		}
	default:
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(hash)
}

// showApp answers with an application, of whose users one is of another type.
func (g *gatewayFake) showApp(w http.ResponseWriter, name string) {
	users, there := g.users[name]
	if !there {
		http.Error(w, `"worker not found"`, http.StatusNotFound)
		return
	}
	list := func(names ...string) []any {
		var list []any
		for _, name := range names {
			list = append(list, map[string]any{"pattern": map[string]any{"username": name}})
		}
		return list
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"name": name, "auth": []any{
		map[string]any{"type": "basic", "users": list("basil")}, map[string]any{"type": "jwt", "users": list(users...)},
	}})
}
