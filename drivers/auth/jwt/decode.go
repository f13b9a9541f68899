package jwt

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// decoded is what reading the JSON of a rule or a user found beside its values.
type decoded struct {
	faults  faults   // fields of a wrong type
	unknown []string // fields that are not ours
	beside  []string // fields beside "config" that are not the host's
}

// UnmarshalJSON reads a rule field by field: a field of a wrong type does not hide the faults of the others, which
// are all reported together when the rule is compiled. It fails only for what is no JSON.
func (r *Rule) UnmarshalJSON(text []byte) error {
	*r = Rule{}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		r.decoded.faults.add("", "must be an object, as in {\"algorithm\":\"HS256\",…}")
		return nil
	}
	fields := ruleFields(reflect.ValueOf(r).Elem())
	for _, name := range sortedNames(members) { // of two spellings of one name the last counts, always the same one
		value := members[name]
		field, ok := fields[strings.ToLower(name)] // any case, as the host reads its own fields
		if !ok {
			r.decoded.unknown = append(r.decoded.unknown, name)
			continue
		}
		if err := json.Unmarshal(lenient(name, value, field.Type()), field.Addr().Interface()); err != nil {
			r.decoded.faults.add(strings.ToLower(name), "must be %s", typeName(field.Type()))
		}
	}
	return nil
}

// lenient makes one value a list of one where a list is wanted, and the object of a key set a text.
func lenient(name string, value json.RawMessage, field reflect.Type) json.RawMessage {
	switch {
	case field.Kind() == reflect.Slice && value[0] == '"':
		return append(append(json.RawMessage{'['}, value...), ']')
	case strings.EqualFold(name, "jwks") && value[0] == '{':
		text, _ := json.Marshal(string(value)) // a string can always be written
		return text
	}
	return value
}

// ruleFields are a rule's fields by their JSON names.
func ruleFields(rule reflect.Value) map[string]reflect.Value {
	fields := make(map[string]reflect.Value)
	for i := 0; i < rule.NumField(); i++ {
		name, _, _ := strings.Cut(rule.Type().Field(i).Tag.Get("json"), ",")
		if name != "-" {
			fields[name] = rule.Field(i)
		}
	}
	return fields
}

// typeName says in words what JSON a field takes.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list of strings"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Map:
		return "an object of names and values"
	}
	return "an object"
}

// faults are what is wrong with a configuration, each with its field.
type faults []string

// add notes a fault of a field of "config"; the empty name stands for the whole. Format and arguments must not show
// secrets.
func (f *faults) add(field, format string, args ...any) {
	name := "config"
	if field != "" {
		name += "." + field
	}
	f.addTo(name, format, args...)
}

// addTo notes a fault of a field beside "config".
func (f *faults) addTo(name, format string, args ...any) {
	*f = append(*f, name+": "+fmt.Sprintf(format, args...))
}

// err is all faults as one error, nil where there are none.
func (f *faults) err() error {
	if len(*f) == 0 {
		return nil
	}
	sort.Strings(*f)
	return &configError{*f}
}
