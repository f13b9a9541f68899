package gateway

import "encoding/json"

// Worker is one entity of the admin API.
type Worker interface {
	profession() string
	id() string
}

// Service is an upstream of static nodes.
type Service struct {
	Name  string
	Nodes []string // host:port
}

// Router sends what matches to a service.
type Router struct {
	Name     string
	Port     int    // one that the gateway listens on, 0 is any
	Location string // /exact, /prefix/*
	Service  string // a Service's name
	Open     bool   // no authentication on this route
}

// App is an application with its ways to authenticate.
type App struct {
	Name    string            `json:"name"`
	Driver  string            `json:"driver"`
	Disable bool              `json:"disable,omitempty"`
	Labels  map[string]string `json:"labels,omitempty"`
	Auth    []Auth            `json:"auth"`
}

// Auth is one way to authenticate. A nil Config is left out of the JSON.
type Auth struct {
	Type      string `json:"type"`
	Position  string `json:"position"`
	TokenName string `json:"token_name"`
	Config    Rule   `json:"config,omitzero"`
	Users     []User `json:"users"`
}

// Rule is the configuration of the type "jwt": the admin API's own JSON, so
// that a test can also write what is wrong.
type Rule map[string]any

// User is a user of an application.
type User struct {
	Name           string
	Password       string         // a bcrypt hash, for tokens that the gateway issues; empty: none
	ClientKey      map[string]any // keys of a machine that gets tokens that the gateway issues; nil: none
	Expire         int64          // seconds since 1970; 0 is never
	HideCredential bool
	Labels         map[string]string
}

// AccessLog writes one JSON object for each request into a file of the
// gateway's directory.
type AccessLog struct {
	Name   string
	Dir    string
	Fields []string // the host's notation: "$request_uri as uri", a label is "$ctx_<label>"
}

// Plugin is an entry of the list of plugins.
type Plugin struct {
	Name   string         `json:"name"`
	ID     string         `json:"id"`     // group:project:driver
	Status string         `json:"status"` // global: on every route
	Config map[string]any `json:"config"`
}

// The plugins that end-to-end runs use.
const (
	PluginApp       = "eolinker.com:apinto:plugin_app"
	PluginAccessLog = "eolinker.com:apinto:access_log"
)

// GlobalPlugin runs on every route that does not switch it off.
func GlobalPlugin(name, id string, config map[string]any) Plugin {
	if config == nil {
		config = map[string]any{}
	}
	return Plugin{Name: name, ID: id, Status: "global", Config: config}
}

// JWTApp is an application with one rule.
func JWTApp(name string, auth Auth) App {
	auth.Type = "jwt"
	return App{Name: name, Driver: "app", Auth: []Auth{auth}}
}

func (s Service) profession() string   { return "service" }
func (s Service) id() string           { return s.Name }
func (r Router) profession() string    { return "router" }
func (r Router) id() string            { return r.Name }
func (a App) profession() string       { return "app" }
func (a App) id() string               { return a.Name }
func (l AccessLog) profession() string { return "output" }
func (l AccessLog) id() string         { return l.Name }

// MarshalJSON is the host's form of a service.
func (s Service) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{
		"name": s.Name, "driver": "http", "scheme": "HTTP", "nodes": s.Nodes, "balance": "round-robin", "timeout": 10_000,
	})
}

// MarshalJSON is the host's form of a router.
func (r Router) MarshalJSON() ([]byte, error) {
	router := map[string]any{
		"name": r.Name, "driver": "http", "listen": r.Port, "location": r.Location, "service": r.Service + "@service",
		"method": []string{"GET", "POST", "PUT", "DELETE", "PATCH"}, "protocols": []string{"http"},
	}
	if r.Open {
		router["plugins"] = map[string]any{"app": map[string]any{"disable": true, "config": map[string]any{}}}
	}
	return json.Marshal(router)
}

// MarshalJSON is the host's form of a user.
func (u User) MarshalJSON() ([]byte, error) {
	pattern := map[string]any{"username": u.Name}
	if u.ClientKey != nil {
		pattern["client_key"] = u.ClientKey
	}
	if u.Password != "" {
		pattern["password"] = u.Password
	}
	return json.Marshal(map[string]any{
		"pattern": pattern, "expire": u.Expire,
		"hide_credential": u.HideCredential, "labels": u.Labels,
	})
}

// MarshalJSON is the host's form of a file output.
func (l AccessLog) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{
		"name": l.Name, "driver": "file", "dir": l.Dir, "file": l.Name, "period": "day", "expire": 1, "type": "json",
		"formatter": map[string][]string{"fields": l.Fields},
	})
}
