package configjson

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Findings is what reading an object found beside its values.
type Findings struct {
	Errors  FieldErrors // Fields of a wrong type.
	Unknown []string    // Names that are no fields.
}

// Object is how a JSON object is read.
type Object struct {
	// Path stands before the names of fields in errors. Empty: the name stands alone.
	Path string
	// Example is shown if the text is no object. Empty: none is.
	Example string
	// Fields are the values to set, by their names in lower case.
	Fields map[string]reflect.Value
	// Adjust changes a value before it is read. Nil: it is read as it is.
	Adjust func(name string, value json.RawMessage, field reflect.Type) json.RawMessage
}

// Read sets the fields that the text has. Names are taken in any case, as the host takes its own. Of two spellings of one
// name the last counts, in the order of the alphabet.
func (o Object) Read(text []byte, found *Findings) {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		found.Errors.Add(o.Path, "must be an object%s", o.Example)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value, lower := members[name], strings.ToLower(name)
		field, ok := o.Fields[lower]
		if !ok {
			found.Unknown = append(found.Unknown, name)
			continue
		}
		if o.Adjust != nil {
			value = o.Adjust(name, value, field.Type())
		}
		if json.Unmarshal(value, field.Addr().Interface()) != nil {
			found.Errors.Add(strings.TrimPrefix(o.Path+"."+lower, "."), "must be %s", typeName(field.Type()))
		}
	}
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
