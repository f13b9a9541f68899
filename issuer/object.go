package issuer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Object is a JSON object whose members keep their order: a claims set (RFC 7519 §4) or further header parameters. The
// zero value is empty.
type Object struct {
	members []member
}

// member is one member; the value is valid JSON without white space.
type member struct {
	name  string
	value json.RawMessage
}

// ParseObject reads one JSON object. Members stay in their order and numbers keep their digits; white space goes. The
// error wraps ErrObject, a member that is there twice (RFC 7519 §4) among them, and shows no value.
func ParseObject(text []byte) (Object, error) {
	var o Object
	if !utf8.Valid(text) || !json.Valid(text) {
		return o, fmt.Errorf("%w: it is not valid JSON", ErrObject)
	}
	parsed := gjson.ParseBytes(text)
	if !parsed.IsObject() {
		return o, fmt.Errorf("%w: it is another value", ErrObject)
	}
	var err error
	parsed.ForEach(func(name, value gjson.Result) bool {
		switch {
		case strings.ContainsRune(name.Str, utf8.RuneError): // what gjson makes of half a surrogate pair
			err = fmt.Errorf("%w: a member name is not valid Unicode", ErrObject)
		case o.Has(name.Str):
			err = fmt.Errorf("%w: it has the member %q twice", ErrObject, name.Str)
		default:
			err = o.Set(name.Str, json.RawMessage(value.Raw))
		}
		return err == nil
	})
	if err != nil {
		return Object{}, err
	}
	return o, nil
}

// Set gives a member its value, anything that encoding/json can write. A member that is there keeps its place, a new
// one comes last. A name or text that is not UTF-8 is an error: encoding/json would change it without a word.
func (o *Object) Set(name string, value any) error {
	text, err := encode(value)
	if s, ok := value.(string); ok && !utf8.ValidString(s) || !utf8.ValidString(name) {
		err = fmt.Errorf("%w: it is not valid UTF-8", ErrObject)
	}
	if err != nil {
		return fmt.Errorf("member %q: %w", name, err)
	}
	if i := o.index(name); i >= 0 {
		o.members[i].value = text
		return nil
	}
	o.members = append(o.members, member{name: name, value: text})
	return nil
}

// With returns a copy of the object in which a member has this value, as [Object.Set] says.
func (o *Object) With(name string, value any) (Object, error) {
	other := Object{members: slices.Clone(o.members)}
	err := other.Set(name, value)
	return other, err
}

// Delete takes a member away, if it is there.
func (o *Object) Delete(name string) {
	if i := o.index(name); i >= 0 {
		o.members = slices.Delete(o.members, i, i+1)
	}
}

// Has reports whether the member is there.
func (o *Object) Has(name string) bool { return o.index(name) >= 0 }

// Get returns the member's value as JSON text.
func (o *Object) Get(name string) (json.RawMessage, bool) {
	if i := o.index(name); i >= 0 {
		return o.members[i].value, true
	}
	return nil, false
}

// JSON returns the object's text, without white space.
func (o *Object) JSON() []byte {
	text := []byte{'{'}
	for i, m := range o.members {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendMember(text, m)
	}
	return append(text, '}')
}

// index returns the member's place, -1 if it is not there.
func (o *Object) index(name string) int {
	return slices.IndexFunc(o.members, func(m member) bool { return m.name == name })
}

// appendMember writes `"name":value`.
func appendMember(text []byte, m member) []byte {
	name, _ := encode(m.name) // a string can always be written
	return append(append(append(text, name...), ':'), m.value...)
}

// encode is json.Marshal that leaves <, > and & as they are: tokens are no HTML, and size counts.
func encode(value any) (json.RawMessage, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
