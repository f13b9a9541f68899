package lint

import (
	"encoding/json"
	"errors"
	"fmt"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/rule"
)

// entryType is the type of entries that are ours.
const entryType = "jwt"

// application is an application's configuration, as far as it is looked at.
type application struct {
	Anonymous bool `json:"anonymous"`
	Disable   bool `json:"disable"`
	Auth      []struct {
		Type      string          `json:"type"`
		TokenName string          `json:"token_name"`
		Position  string          `json:"position"`
		Config    json.RawMessage `json:"config"`
		Users     []*rule.User    `json:"users"`
	} `json:"auth"`
}

// entry is an entry of an application's "auth" that is in force, compiled as the driver compiles it.
type entry struct {
	app    Document
	index  int
	config *rule.Config
	rule   *rule.Rule
	listed []*rule.User // The users as they are written, nil for what is none.
	users  *rule.Users
}

// at returns the place of a field of the entry.
func (e *entry) at(field string) place {
	return place{object: e.app.ID, entry: e.rule.Entry, field: fmt.Sprintf("auth[%d].%s", e.index, field), file: e.app.File}
}

// name names the entry beside others.
func (e *entry) name() string { return fmt.Sprintf("%s auth[%d]", e.app.ID, e.index) }

// readEntries compiles the entries. It notes those that cannot be used and returns the others.
func readEntries(in *Input, r *reporter) []*entry {
	var list []*entry
	for _, document := range in.Applications {
		var app application
		if err := json.Unmarshal(document.Text, &app); err != nil {
			r.add(idUnreadable, document.at(""), "is no application: "+jsonFault(err))
			continue
		}
		if app.Disable {
			r.add(idDisabled, document.at("disable"), "is true")
		}
		for i, auth := range app.Auth {
			if auth.Type != entryType {
				continue
			}
			e := &entry{app: document, index: i, config: new(rule.Config), listed: auth.Users, users: rule.ReadUsers(auth.Users)}
			_ = json.Unmarshal(auth.Config, e.config) // a Config keeps what is wrong for the compiler
			compiled, err := rule.Compiler{}.Compile(auth.TokenName, auth.Position, e.config, rule.Stored)
			if err != nil {
				e.rule = rule.Compiler{}.SetAside(auth.TokenName, auth.Position, e.config, err)
				for _, fault := range configjson.Faults(err) {
					e.report(r, idSetAside, fault)
				}
				continue
			}
			e.rule = compiled
			list = append(list, e)
		}
	}
	return list
}

// jsonFault says what is wrong with a document without a word of its values.
func jsonFault(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return "the field " + wrong.Field + " has another type"
	}
	return "it has another form"
}
