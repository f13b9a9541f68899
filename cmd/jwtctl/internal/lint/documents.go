package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"apinto-jwt/internal/printable"
)

// The professions of the gateway whose workers are looked at, as the admin API has them at /api/NAME.
const (
	professionApp      = "app"
	professionRouter   = "router"
	professionTemplate = "template"
	professionStrategy = "strategy"
	professionSetting  = "setting"
)

// Professions lists the professions of the admin API that Add takes.
func Professions() []string {
	return []string{professionApp, professionRouter, professionTemplate, professionStrategy}
}

// Add adds a stored document, if its profession is one that is looked at. The setting that is looked at is the list of plugins.
func (in *Input) Add(profession, id string, text []byte) {
	d := Document{ID: id, Text: text}
	switch profession {
	case professionApp:
		in.Applications = append(in.Applications, d)
	case professionRouter:
		in.Routers = append(in.Routers, d)
	case professionTemplate:
		in.Templates = append(in.Templates, d)
	case professionStrategy:
		in.Strategies = append(in.Strategies, d)
	case professionSetting:
		if id == pluginList {
			in.Plugins, _ = readPlugins(text)
		}
	}
}

// AddPlugins adds the list of plugins as the admin API gives it; false if the text is none.
func (in *Input) AddPlugins(text []byte) bool {
	list, ok := readPlugins(text)
	if ok {
		in.Plugins = list
	}
	return ok
}

// readPlugins reads {"plugins":[…]}, or the list alone.
func readPlugins(text []byte) (list []Plugin, ok bool) {
	var setting struct {
		Plugins []Plugin `json:"plugins"`
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		ok = json.Unmarshal(text, &setting.Plugins) == nil
	} else {
		ok = json.Unmarshal(text, &setting) == nil
	}
	if ok && setting.Plugins == nil {
		setting.Plugins = []Plugin{}
	}
	return setting.Plugins, ok
}

// AddFile adds the documents of a file, each as the admin API takes it: one, or a list of them. What each is, its own
// fields say. Documents that are nothing of the kind are counted: 0 if all were taken.
func (in *Input) AddFile(name string, text []byte) (strange int) {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		list = []json.RawMessage{text}
	}
	for _, item := range list {
		var fields map[string]json.RawMessage
		if json.Unmarshal(item, &fields) != nil {
			strange++
			continue
		}
		profession := professionOf(fields)
		if profession == "" {
			strange++
			continue
		}
		var named struct {
			Name string `json:"name"`
		}
		_ = json.Unmarshal(item, &named) // a name of another type is none
		id := pluginList
		if profession != professionSetting {
			id = cmp.Or(printable.Text(named.Name), name) + "@" + profession
		}
		in.Add(profession, id, item)
		in.noteFile(profession, name)
	}
	return strange
}

// noteFile says of the document that was added last which file it is from.
func (in *Input) noteFile(profession, name string) {
	for kind, list := range map[string][]Document{
		professionApp: in.Applications, professionRouter: in.Routers, professionTemplate: in.Templates, professionStrategy: in.Strategies,
	} {
		if kind == profession {
			list[len(list)-1].File = name
		}
	}
}

// professionOf returns what a document is, by its fields; empty: nothing that is looked at.
func professionOf(fields map[string]json.RawMessage) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, found := fields[name]; return found })
	}
	driver := ""
	_ = json.Unmarshal(fields["driver"], &driver) // no text is no driver
	switch {
	case has("auth", "anonymous") || driver == "app":
		return professionApp
	case has("location", "listen"):
		return professionRouter
	case bytes.HasPrefix(bytes.TrimSpace(fields["plugins"]), []byte("[")):
		return professionSetting
	case driver == "plugin_template":
		return professionTemplate
	case has("priority") && has("filters"):
		return professionStrategy
	}
	return ""
}
