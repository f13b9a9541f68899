package configjson

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Findings holds the results of reading an object beside its values.
type Findings struct {
	Errors  FieldErrors // Fields of a wrong type.
	Unknown []string    // Names that are no fields.
	Members int         // Number of members that the object has.
}

// Object is how a JSON object is read.
type Object struct {
	// Path stands before the names of fields in errors. Empty: the name stands alone.
	Path string
	// Whole is the path of the object itself in errors. Empty: Path.
	Whole string
	// Example is shown if the text is no object. Empty: none is.
	Example string
	// Fields are the values to set, by their names. They keep their values if the text does not have them, or has a value of a
	// wrong type.
	Fields map[string]reflect.Value
	// Exact takes names in the case of the fields alone. False: in any case, as the host takes its own.
	Exact bool
	// Types says in words what a field takes, by its name. A field without an entry is described by its type.
	Types map[string]string
	// Adjust changes a value before it is read. Nil: it is read as it is.
	Adjust func(name string, value json.RawMessage, field reflect.Type) json.RawMessage
}

// Read sets the fields that the text has. Of two spellings of one name the last counts, in the order of the alphabet.
func (o Object) Read(text []byte, found *Findings) {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		found.Errors.Add(cmp.Or(o.Whole, o.Path), "must be an object%s", o.Example)
		return
	}
	found.Members = len(members)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		canonical := name
		if !o.Exact {
			canonical = strings.ToLower(name)
		}
		field, ok := o.Fields[canonical]
		if !ok {
			found.Unknown = append(found.Unknown, name)
			continue
		}
		value := members[name]
		if o.Adjust != nil {
			value = o.Adjust(name, value, field.Type())
		}
		if !read(value, field) {
			wanted := cmp.Or(o.Types[canonical], typeName(field.Type()))
			found.Errors.Add(strings.TrimPrefix(o.Path+"."+canonical, "."), "must be %s", wanted)
		}
	}
}

// read sets a field, and reports whether the value has its type. If not, the field stays as it was. Null leaves a text, a
// number or a boolean as it was too.
func read(value json.RawMessage, field reflect.Value) bool {
	if string(value) == "null" {
		return json.Unmarshal(value, field.Addr().Interface()) == nil
	}
	fresh := reflect.New(field.Type())
	if json.Unmarshal(value, fresh.Interface()) != nil {
		return false
	}
	field.Set(fresh.Elem())
	return true
}

// Fields returns a struct's fields by their JSON names. The struct must be addressable.
func Fields(of reflect.Value) map[string]reflect.Value {
	fields := make(map[string]reflect.Value)
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ",")
		if name != "-" {
			fields[name] = of.Field(i)
		}
	}
	return fields
}

// FieldNames returns the JSON names of a struct's fields, in their order.
func FieldNames[T any]() []string {
	var names []string
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// ListOfOne makes one string a list of one if the field is a list.
func ListOfOne(value json.RawMessage, field reflect.Type) json.RawMessage {
	if field.Kind() == reflect.Slice && value[0] == '"' {
		return append(append(json.RawMessage{'['}, value...), ']')
	}
	return value
}

// Unquoted takes the quotes off true, false or a whole number if the field is one: a variable of the host is always text.
func Unquoted(value json.RawMessage, field reflect.Type) json.RawMessage {
	text := bytes.Trim(value, `"`)
	if len(text) != len(value)-2 {
		return value
	}
	switch field.Kind() {
	case reflect.Bool:
		if string(text) == "true" || string(text) == "false" {
			return text
		}
	case reflect.Int:
		if _, err := strconv.Atoi(string(text)); err == nil {
			return text
		}
	}
	return value
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
