package lint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/tidwall/gjson"
)

// Plugin is an item of the list of plugins.
type Plugin struct {
	Name   string          `json:"name"`
	ID     string          `json:"id"`
	Status string          `json:"status"`
	Config json.RawMessage `json:"config"`
}

// The plugins that are looked for, by their IDs.
const (
	pluginApp    = "eolinker.com:apinto:plugin_app"
	pluginFilter = "apinto-jwt:jwt:filter"
	pluginToken  = "apinto-jwt:jwt:token"
	pluginCache  = "eolinker.com:apinto:strategy-plugin-cache"
)

// The statuses of plugins, as the host names them.
const (
	statusDisable = "disable" // On no route.
	statusGlobal  = "global"  // On each route that does not switch it off.
)

// pluginList is the object that has the list.
const pluginList = "plugin@setting"

// position returns the index of the first plugin with this ID that is not disabled; -1: there is none.
func (in *Input) position(id string) int {
	return slices.IndexFunc(in.Plugins, func(p Plugin) bool { return p.ID == id && p.Status != statusDisable })
}

// filtersAudience reports whether the filter asks every route's tokens for an audience.
func (in *Input) filtersAudience() bool {
	at := in.position(pluginFilter)
	if at < 0 || in.Plugins[at].Status != statusGlobal {
		return false
	}
	config := gjson.ParseBytes(in.Plugins[at].Config)
	return config.Get("resource").String() != "" || len(config.Get("audience").Array()) > 0
}

// lookAtPlugins looks at the order of the plugins, and at the routes' own.
func lookAtPlugins(in *Input, entries []*entry, r *reporter) {
	routes := readRoutes(in, r)
	lookAtAnonymous(in, r)
	if in.Plugins == nil {
		return
	}
	list := Document{ID: pluginList}
	app, filter := in.position(pluginApp), in.position(pluginFilter)
	if app >= 0 && filter > app {
		r.add(idFilterBehind, list.at(fmt.Sprintf("plugins[%d]", filter)), fmt.Sprintf("is the filter, and plugins[%d] is app", app))
	}
	if token := in.position(pluginToken); token >= 0 && in.Plugins[token].Status == statusGlobal {
		r.add(idEndpointAll, list.at(fmt.Sprintf("plugins[%d].status", token)), "is global")
	}
	asks := false
	for _, route := range routes {
		asks = asks || route.active(in, pluginApp) != nil || route.active(in, pluginFilter) != nil
		route.lookAtEndpoint(in, r)
	}
	global := func(at int) bool { return at >= 0 && in.Plugins[at].Status == statusGlobal }
	if len(entries) > 0 && !asks && !global(app) && !global(filter) {
		r.add(idNobodyAsks, list.at("plugins"), "has neither app nor the filter for every route, and no route asks for one")
	}
}

// lookAtAnonymous notes anonymous applications, unless the filter goes first on every route.
func lookAtAnonymous(in *Input, r *reporter) {
	app, filter := in.position(pluginApp), in.position(pluginFilter)
	if filter >= 0 && in.Plugins[filter].Status == statusGlobal && (app < 0 || filter < app) {
		return
	}
	for _, document := range in.Applications {
		if gjson.GetBytes(document.Text, "anonymous").Bool() && !gjson.GetBytes(document.Text, "disable").Bool() {
			r.add(idAnonymous, document.at("anonymous"), "is true")
		}
	}
}

// route is a router, with the plugins that it and its template name.
type route struct {
	Document
	plugins map[string]routePlugin
}

// routePlugin is a route's word on a plugin of the list.
type routePlugin struct {
	Disable bool            `json:"disable"`
	Config  json.RawMessage `json:"config"`
}

// readRoutes reads the routers, those that are disabled left out. What a route says of a plugin goes before what its template
// says.
func readRoutes(in *Input, r *reporter) []route {
	templates := make(map[string]map[string]routePlugin)
	for _, document := range in.Templates {
		var template struct {
			Plugins map[string]routePlugin `json:"plugins"`
		}
		if err := json.Unmarshal(document.Text, &template); err != nil {
			r.add(idUnreadable, document.at(""), "is no template: "+jsonFault(err))
			continue
		}
		templates[document.ID] = template.Plugins
	}
	var list []route
	for _, document := range in.Routers {
		var router struct {
			Disable  bool                   `json:"disable"`
			Template string                 `json:"template"`
			Plugins  map[string]routePlugin `json:"plugins"`
		}
		if err := json.Unmarshal(document.Text, &router); err != nil {
			r.add(idUnreadable, document.at(""), "is no router: "+jsonFault(err))
			continue
		}
		if router.Disable {
			continue
		}
		plugins := maps.Clone(templates[router.Template])
		if plugins == nil {
			plugins = make(map[string]routePlugin)
		}
		maps.Copy(plugins, router.Plugins)
		list = append(list, route{document, plugins})
	}
	return list
}

// active returns the configuration of a plugin of this ID that the route has; nil: it has none.
func (t route) active(in *Input, id string) json.RawMessage {
	for _, p := range in.Plugins {
		if p.ID != id || p.Status == statusDisable {
			continue
		}
		own, named := t.plugins[p.Name]
		switch {
		case named && own.Disable, !named && p.Status != statusGlobal:
		case named && len(own.Config) > 0 && string(own.Config) != "null":
			return own.Config
		default:
			return append(json.RawMessage{}, orObject(p.Config)...)
		}
	}
	return nil
}

// orObject returns an empty object for no configuration.
func orObject(config json.RawMessage) json.RawMessage {
	if len(config) == 0 {
		return json.RawMessage("{}")
	}
	return config
}

// lookAtEndpoint looks at the route of an endpoint: what asks for a token there asks too early.
func (t route) lookAtEndpoint(in *Input, r *reporter) {
	endpoint := t.active(in, pluginToken)
	if endpoint == nil {
		return
	}
	kind := gjson.GetBytes(endpoint, "endpoint").String()
	if filter := t.active(in, pluginFilter); filter != nil && gjson.GetBytes(filter, "required").Raw != "false" {
		r.add(idEndpointClosed, t.at("plugins"), fmt.Sprintf("has the endpoint %q and the filter", kind))
	}
	if t.active(in, pluginApp) != nil {
		r.add(idEndpointClosed, t.at("plugins"), fmt.Sprintf("has the endpoint %q and app", kind))
	}
}
