package token

import (
	"strconv"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/strictjson"
)

// Value is an allowed value of a claim. It is compared with a claim as JSON values are: numbers by their exact value, so that 2,
// 2.0 and 2e0 are equal; strings by their characters; the string "2" is not the number 2. The zero value equals nothing.
type Value struct {
	text   string // The characters of a string, else the JSON text.
	isText bool
	other  gjson.Type        // Number, True or False; Null: none of them
	number strictjson.Number // value if other is Number
}

// TextValue returns the value of a text that a person gives. It equals that string, and the number, true or false that
// the text spells: a form and a command line know texts only, and only a text keeps all digits of a long number.
func TextValue(text string) Value {
	v, _ := JSONValue(text) // of a text in quotes nothing is kept
	v.text, v.isText = text, true
	return v
}

// JSONValue returns the string, number, true or false of a JSON text; false for any other value.
func JSONValue(raw string) (v Value, ok bool) {
	switch raw {
	case "true":
		return Value{text: raw, other: gjson.True}, true
	case "false":
		return Value{text: raw, other: gjson.False}, true
	}
	if strictjson.IsString(raw) {
		v.text, v.isText = strictjson.String(raw)
		return v, true
	}
	if v.number, ok = strictjson.ParseNumber(raw); ok {
		v.text, v.other = raw, gjson.Number
	}
	return v, ok
}

// String returns the value for people: a text in quotes, anything else as its JSON text.
func (v Value) String() string {
	if v.isText {
		return strconv.Quote(v.text)
	}
	return v.text
}

// Overlaps reports whether one claim could equal both values.
func (v Value) Overlaps(other Value) bool {
	if v.isText && other.isText && v.text == other.text {
		return true
	}
	return v.other != gjson.Null && v.other == other.other && (v.other != gjson.Number || v.number.Equal(other.number))
}

// equal reports whether a claim has the value.
func (v Value) equal(claim gjson.Result) bool {
	switch claim.Type {
	case gjson.String:
		return v.isText && v.text == claim.Str
	case gjson.True, gjson.False:
		return v.other == claim.Type
	case gjson.Number:
		if v.other != gjson.Number {
			return false
		}
		number, ok := strictjson.ParseNumber(claim.Raw)
		return ok && number.Equal(v.number)
	}
	return false
}
