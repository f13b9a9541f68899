package apinto

import (
	"encoding/json"

	"apinto-jwt/test/e2e/gateway"
)

// openRouter is a route that asks for nothing: "app" and the other plugins are off.
type openRouter struct {
	gateway.Router
	plugins []gateway.Plugin
}

// MarshalJSON is the host's form of it.
func (r openRouter) MarshalJSON() ([]byte, error) {
	text, err := r.Router.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var router map[string]any
	if err := json.Unmarshal(text, &router); err != nil {
		return nil, err
	}
	off := map[string]any{"app": disabled}
	for _, p := range r.plugins {
		off[p.Name] = disabled
	}
	router["plugins"] = off
	return json.Marshal(router)
}

// disabled is a plugin's configuration on a route that it does not run on.
var disabled = map[string]any{"disable": true, "config": map[string]any{}}
