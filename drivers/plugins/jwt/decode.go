package jwt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"apinto-jwt/rule"
)

// ErrConfig is a configuration that cannot be used. The text lists every fault with its field.
var ErrConfig = errors.New("invalid jwt filter config")

// UnmarshalJSON reads a configuration field by field: a field of a wrong type does not hide the faults of the others,
// which are all reported together when it is compiled. A field that is not one of ours is a fault: a requirement with a
// slip in its name would be no requirement.
func (c *Config) UnmarshalJSON(text []byte) error {
	*c = defaults()
	c.decoded.text = bytes.Clone(text)
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		c.decoded.text = nil
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		c.decoded.faults.add("config", `must be an object, as {"audience":["orders"]}`)
		return nil
	}
	for name, value := range members {
		c.decode(name, value)
	}
	return nil
}

// decode reads one field. Null is its default.
func (c *Config) decode(name string, value json.RawMessage) {
	field, ok := c.field(name)
	switch {
	case !ok:
		c.decoded.faults.add(name, "is not a field of the filter, which has %s", strings.Join(fieldNames(), ", "))
	case string(value) == "null":
	case field.Type() == reflect.TypeOf(rule.ClaimValues{}):
		c.decodeClaims(value)
	default:
		read := reflect.New(field.Type()) // nothing of what cannot be read whole is kept
		if json.Unmarshal(lenient(value, field), read.Interface()) != nil {
			c.decoded.faults.add(name, "must be %s", kindName(field))
			return
		}
		field.Set(read.Elem())
	}
}

// decodeClaims reads "claims" path by path, so that a fault names its path.
func (c *Config) decodeClaims(value json.RawMessage) {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		c.decoded.faults.add("claims", `must be an object, as {"role":["admin"]}`)
		return
	}
	c.Claims = make(rule.ClaimValues, len(members))
	for path, values := range members {
		one, err := json.Marshal(map[string]json.RawMessage{path: values})
		var read rule.ClaimValues
		if err != nil || json.Unmarshal(one, &read) != nil {
			c.decoded.faults.add(member("claims", path), "must be a value or a list of values: strings, numbers, true, false")
			continue
		}
		c.Claims[path] = read[path]
	}
}

// field is the field of this JSON name.
func (c *Config) field(name string) (reflect.Value, bool) {
	value := reflect.ValueOf(c).Elem()
	for i := range value.NumField() {
		if tag := configType.Field(i).Tag.Get("json"); tag == name && tag != "-" {
			return value.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// fieldNames are the JSON names of all fields, in their order.
func fieldNames() []string {
	var names []string
	for i := range configType.NumField() {
		if tag := configType.Field(i).Tag.Get("json"); tag != "-" {
			names = append(names, tag)
		}
	}
	return names
}

// lenient makes one string a list of one where a list is wanted, and "true" or "false", which the host's variables can
// only be as text, a boolean.
func lenient(value json.RawMessage, field reflect.Value) json.RawMessage {
	switch {
	case field.Kind() == reflect.Slice && value[0] == '"':
		return append(append(json.RawMessage{'['}, value...), ']')
	case field.Kind() == reflect.Bool && (string(value) == `"true"` || string(value) == `"false"`):
		return bytes.Trim(value, `"`)
	}
	return value
}

// kindName says in words what JSON a field takes.
func kindName(field reflect.Value) string {
	switch field.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list of strings"
	case reflect.Map:
		return "an object of strings"
	}
	return "a string"
}

// member is the name of a member of a field.
func member(field, name string) string { return field + "[" + strconv.Quote(name) + "]" }

// item is the name of an item of a field.
func item(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// faults are what is wrong with a configuration, each with its field.
type faults []string

// add notes a fault of a field.
func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, field+": "+fmt.Sprintf(format, args...))
}

// err is all faults as one error, nil where there are none.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	sort.Strings(f)
	return fmt.Errorf("%w: %s", ErrConfig, strings.Join(f, "; "))
}
