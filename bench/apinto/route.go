package apinto

import (
	"encoding/json"

	"apinto-jwt/test/e2e/gateway"
)

// route is a route over TLS and without.
type route struct {
	gateway.Router
	off []string // plugins that do not run on it
}

// MarshalJSON returns the host's form of it.
func (r route) MarshalJSON() ([]byte, error) {
	text, err := r.Router.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var router map[string]any
	if err := json.Unmarshal(text, &router); err != nil {
		return nil, err
	}
	router["protocols"] = []string{"http", "https"}
	if len(r.off) > 0 {
		plugins := make(map[string]any)
		for _, name := range r.off {
			plugins[name] = map[string]any{"disable": true, "config": map[string]any{}}
		}
		router["plugins"] = plugins
	}
	return json.Marshal(router)
}
