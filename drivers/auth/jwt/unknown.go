package jwt

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"

	"apinto-jwt/keys"
)

// noteUnknown takes the fields of an entry that are not ours. One that somebody must have meant otherwise refuses the rule
// when it is saved. Any other is a warning, as interfaces may send fields of their own.
func (r *rule) noteUnknown(cfg *Rule) {
	u := unknownFields{refused: &r.objections, warnings: &r.warnings}
	u.add("config", cfg.decoded.unknown, fieldsOf[Rule](), foreignNames, besideNames)
	if cfg.Issue != nil {
		u.add("config.issue", cfg.Issue.decoded.unknown, fieldsOf[Issue](), issueNames)
	}
	u.add("", cfg.decoded.beside, entryFields, entryNames, insideNames)
}

// insideNames are the rule's own fields, by their plain names, where they are found beside "config".
var insideNames = func() map[string]string {
	names := make(map[string]string)
	for _, field := range fieldsOf[Rule]() {
		names[plainName(field)] = field + ", inside config"
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

// unknownFields sorts names that are no fields into what refuses and what warns.
type unknownFields struct {
	refused  *faults
	warnings *[]string
}

// add takes the names that were found in a place, empty for the entry itself, which has these fields.
func (u unknownFields) add(place string, names, fields []string, foreign ...map[string]string) {
	for _, name := range names {
		full := printable(strings.TrimPrefix(place+"."+name, "."))
		if field := meantField(name, fields, foreign...); field != "" {
			u.refused.addTo(full, "is not a field of this driver: write %s", field)
		} else {
			*u.warnings = append(*u.warnings, full+": is not a field of this driver and is ignored")
		}
	}
}

// fieldsOf are the JSON names of a configuration's fields, in their order.
func fieldsOf[T any]() []string {
	var names []string
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// UnmarshalJSON reads a user field by field, as a rule is read.
func (u *User) UnmarshalJSON(text []byte) error {
	*u = User{}
	pattern := json.RawMessage("{}")
	u.decoded.read("", text, map[string]reflect.Value{
		"pattern": reflect.ValueOf(&pattern).Elem(),
		"labels":  reflect.ValueOf(&u.Labels).Elem(), "expire": reflect.ValueOf(&u.Expire).Elem(), "hide_credential": reflect.ValueOf(&u.HideCredential).Elem(),
	})
	if string(pattern) != "null" {
		u.readPattern(pattern)
	}
	return nil
}

// readPattern reads a user's pattern. It takes a password of any type: the builtin, which knows none, has stored it as it
// came, and what is no text is no hash.
func (u *User) readPattern(text []byte) {
	var password json.RawMessage
	fields := ruleFields(reflect.ValueOf(&u.Pattern).Elem())
	fields["password"] = reflect.ValueOf(&password).Elem()
	u.decoded.read("pattern.", text, fields)
	if len(password) > 0 && json.Unmarshal(password, &u.Pattern.Password) != nil {
		u.Pattern.Password = keys.Secret(password)
	}
}

// read reads an object into fields, by their names in lower case, and notes what is wrong with it under the prefix.
func (d *decoded) read(prefix string, text []byte, fields map[string]reflect.Value) {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		d.faults = append(d.faults, prefix+": must be an object")
		return
	}
	for _, name := range sortedNames(members) { // of two spellings of one name the last counts, always the same one
		field, ok := fields[strings.ToLower(name)]
		if !ok {
			d.unknown = append(d.unknown, prefix+name)
			continue
		}
		if json.Unmarshal(members[name], field.Addr().Interface()) != nil {
			d.faults = append(d.faults, prefix+strings.ToLower(name)+": must be "+typeName(field.Type()))
		}
	}
}
