package corpus

import (
	_ "embed" // for the cases
	"encoding/json"
	"fmt"
)

// RoutePath is the path of the requests of a [RouteCase].
const RoutePath = "/mcp"

// UserHeader is the header in which the upstream gets the name of the user.
const UserHeader = "X-User"

// RouteCase is a request to the route of an MCP server, and what must come of it. None depends on the time.
type RouteCase struct {
	// Name is unique.
	Name string `json:"name"`
	// Class is what the case could be confused by.
	Class string `json:"class"`
	// Route is the name of the route's configuration.
	Route string `json:"route"`
	// Request is an HTTP request, fit for the wire.
	Request string `json:"request"`
	// Want is the reason that must come out, or Accepted.
	Want string `json:"want"`
	// Status is that of a refusal.
	Status int `json:"status,omitempty"`
	// Code is that of the refusal's JSON-RPC error; 0: it is none.
	Code int `json:"code,omitempty"`
	// User is whom an accepted token names.
	User string `json:"user,omitempty"`
}

var (
	//go:embed testdata/routecases.jsonl
	routeCasesText []byte
	//go:embed testdata/routes.json
	routesText []byte
)

// RouteCases returns the cases in the order of the file.
func RouteCases() []RouteCase { return lines[RouteCase](routeCasesText) }

// Routes returns the configurations by name, each as the filter takes it.
func Routes() map[string]json.RawMessage {
	var routes map[string]json.RawMessage
	if err := json.Unmarshal(routesText, &routes); err != nil {
		panic(fmt.Errorf("corpus: routes.json: %w", err))
	}
	return routes
}

// RouteRules returns the names of the rules that are in force for the routes, each in an application of its own: one that
// takes every user, and one that does not.
func RouteRules() []string { return []string{"any-user", "rs256"} }
