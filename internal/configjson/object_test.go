package configjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// sample has a field of each kind.
type sample struct {
	Name   string         `json:"name"`
	List   []string       `json:"list"`
	Count  int            `json:"count"`
	On     bool           `json:"on"`
	Values map[string]any `json:"values"`
	Hidden int            `json:"-"`
}

func TestObject(t *testing.T) {
	tests := []struct {
		name, text, path string
		want             sample
		errors, unknown  []string
	}{
		{"all fields", `{"name":"a","list":["b"],"count":1,"on":true}`, "config", sample{Name: "a", List: []string{"b"}, Count: 1, On: true}, nil, nil},
		{"any case", `{"NAME":"a"}`, "config", sample{Name: "a"}, nil, nil},
		{"two spellings", `{"name":"a","Name":"b"}`, "config", sample{Name: "a"}, nil, nil},
		{"list of one", `{"list":"b"}`, "config", sample{List: []string{"b"}}, nil, nil},
		{"null", `null`, "config", sample{}, nil, nil},
		{"no object", `[]`, "config", sample{}, []string{"config: must be an object, as in {}"}, nil},
		{
			"every fault",
			`{"on":1,"name":2,"list":3,"count":"4","values":5}`, "config",
			sample{},
			[]string{
				"config.count: must be a whole number", "config.list: must be a list of strings", "config.name: must be a string",
				"config.on: must be true or false", "config.values: must be an object of names and values",
			},
			nil,
		},
		{"without a path", `{"on":1}`, "", sample{}, []string{"on: must be true or false"}, nil},
		{"unknown", `{"z":1,"hidden":2,"-":3,"name":"a"}`, "config", sample{Name: "a"}, nil, []string{"-", "hidden", "z"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got sample
			var found Findings
			adjust := func(_ string, value json.RawMessage, field reflect.Type) json.RawMessage {
				return ListOfOne(value, field)
			}
			Object{Path: test.path, Example: ", as in {}", Fields: Fields(reflect.ValueOf(&got).Elem()), Adjust: adjust}.Read([]byte(test.text), &found)
			if !reflect.DeepEqual(got, test.want) || !slices.Equal(found.Errors, test.errors) || !slices.Equal(found.Unknown, test.unknown) {
				t.Errorf("got %+v, %q, %q", got, found.Errors, found.Unknown)
			}
		})
	}
	if names := FieldNames[sample](); !slices.Equal(names, []string{"name", "list", "count", "on", "values"}) {
		t.Errorf("names %q", names)
	}
}

func TestFieldErrors(t *testing.T) {
	kind := errors.New("invalid")
	var f FieldErrors
	if f.Err(kind) != nil {
		t.Error("an error without faults")
	}
	f.Add("config.b", "is %d", 1)
	f.Add("config.a", "is missing")
	err := f.Err(kind)
	if !errors.Is(err, kind) || err.Error() != "invalid: config.a: is missing; config.b: is 1" {
		t.Errorf("got %v", err)
	}
	if list := Faults(err); !slices.Equal(list, []string{"config.a: is missing", "config.b: is 1"}) {
		t.Errorf("faults %q", list)
	}
	if list := Faults(kind); !slices.Equal(list, []string{"invalid"}) {
		t.Errorf("faults %q", list)
	}
}

func TestUnknownFields(t *testing.T) {
	var refused FieldErrors
	var warnings []string
	u := UnknownFields{Refused: &refused, Warnings: &warnings}
	u.Add("config", []string{"nam", "label", "colour"}, []string{"name"}, map[string]string{"label": "name"})
	u.Add("", []string{"colour"}, nil)
	want := []string{"config.nam: is not a field of this driver: write name", "config.label: is not a field of this driver: write name"}
	if !slices.Equal(refused, want) {
		t.Errorf("refused %q", refused)
	}
	want = []string{"config.colour: is not a field of this driver and is ignored", "colour: is not a field of this driver and is ignored"}
	if !slices.Equal(warnings, want) {
		t.Errorf("warnings %q", warnings)
	}
}

// Exact names are taken in their own case alone; a value of a wrong type leaves the default; what a field takes is said in
// the words given for it.
func TestReadExact(t *testing.T) {
	settings := struct {
		On   bool     `json:"on"`
		List []string `json:"list"`
		Max  int      `json:"max"`
	}{On: true, List: []string{"a"}, Max: 7}
	object := Object{
		Whole: "config", Exact: true, Fields: Fields(reflect.ValueOf(&settings).Elem()), Types: map[string]string{"list": "names"},
		Adjust: func(_ string, value json.RawMessage, field reflect.Type) json.RawMessage {
			return Unquoted(value, field)
		},
	}
	var found Findings
	object.Read([]byte(`{"On":false,"on":"false","list":["b",1],"max":"12"}`), &found)
	if settings.On || !slices.Equal(settings.List, []string{"a"}) || settings.Max != 12 || found.Members != 4 {
		t.Errorf("got %+v, %+v", settings, found)
	}
	if !slices.Equal(found.Unknown, []string{"On"}) || !slices.Equal(found.Errors, FieldErrors{"list: must be names"}) {
		t.Errorf("found %+v", found)
	}
	if !found.Errors.Has("list") || found.Errors.Has("lis") {
		t.Errorf("has: %q", found.Errors)
	}
	object.Read([]byte(`{"on":"yes","max":"1.5"}`), &found)
	if settings.On || settings.Max != 12 || !found.Errors.Has("on") || !found.Errors.Has("max") {
		t.Errorf("got %+v, %q", settings, found.Errors)
	}
	found = Findings{}
	object.Read([]byte(`[]`), &found)
	if !found.Errors.Has("config") {
		t.Errorf("a list: %q", found.Errors)
	}
}
