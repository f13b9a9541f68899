package jwt

import (
	"encoding/json"
	"reflect"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// noteUnknown takes the fields of an entry that are not ours. One that somebody must have meant otherwise refuses the rule
// when it is saved. Any other is a warning, as interfaces may send fields of their own.
func (r *rule) noteUnknown(cfg *Rule) {
	u := configjson.UnknownFields{Refused: &r.objections, Warnings: &r.warnings}
	u.Add("config", cfg.decoded.Unknown, configjson.FieldNames[Rule](), foreignNames, besideNames)
	if cfg.Issue != nil {
		u.Add("config.issue", cfg.Issue.decoded.Unknown, configjson.FieldNames[Issue](), issueNames)
	}
	u.Add("", cfg.decoded.beside, entryFields, entryNames, insideNames)
}

// insideNames are the rule's own fields, by their plain names, where they are found beside "config".
var insideNames = func() map[string]string {
	names := make(map[string]string)
	for _, field := range configjson.FieldNames[Rule]() {
		names[configjson.PlainName(field)] = field + ", inside config"
	}
	return names
}()

// entryFields are the fields of an entry of "auth".
var entryFields = []string{"type", "token_name", "position", "config", "users"}

// Loading reports whether the admin process takes a configuration that it has stored, which has been in force.
func Loading() bool {
	d := installed.Load()
	return d != nil && env.Process() == eosc.ProcessAdmin && d.origin() == stored
}

// UnmarshalJSON reads a user field by field, as a rule is read.
func (u *User) UnmarshalJSON(text []byte) error {
	*u = User{}
	pattern := json.RawMessage("{}")
	object := configjson.Object{Fields: map[string]reflect.Value{
		"pattern": reflect.ValueOf(&pattern).Elem(),
		"labels":  reflect.ValueOf(&u.Labels).Elem(), "expire": reflect.ValueOf(&u.Expire).Elem(), "hide_credential": reflect.ValueOf(&u.HideCredential).Elem(),
	}}
	object.Read(text, &u.decoded)
	if string(pattern) != "null" {
		u.readPattern(pattern)
	}
	return nil
}

// readPattern reads a user's pattern. It takes a password of any type: the builtin, which knows none, has stored it as it
// came, and what is no text is no hash.
func (u *User) readPattern(text []byte) {
	var password json.RawMessage
	object := configjson.Object{Path: "pattern", Fields: configjson.Fields(reflect.ValueOf(&u.Pattern).Elem())}
	object.Fields["password"] = reflect.ValueOf(&password).Elem()
	var found configjson.Findings
	object.Read(text, &found)
	u.decoded.Errors = append(u.decoded.Errors, found.Errors...)
	for _, name := range found.Unknown {
		u.decoded.Unknown = append(u.decoded.Unknown, "pattern."+name)
	}
	if len(password) > 0 && json.Unmarshal(password, &u.Pattern.Password) != nil {
		u.Pattern.Password = keys.Secret(password)
	}
}
