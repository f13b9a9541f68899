package jwt

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/rule"
)

// ErrConfig is a configuration that cannot be used. The text lists every fault with its field.
var ErrConfig = errors.New("invalid jwt filter config")

// UnmarshalJSON reads a configuration field by field, so that all faults are reported together when it is compiled. An
// unknown field is a fault: a requirement with a slip in its name would be no requirement.
func (c *Config) UnmarshalJSON(text []byte) error {
	*c = defaults()
	c.decoded.text = bytes.Clone(text)
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		c.decoded.text = nil
		return nil
	}
	var claims, mcp json.RawMessage
	object := configjson.Object{
		Whole: "config", Example: `, as {"audience":["orders"]}`, Exact: true, Adjust: lenient,
		Fields: configjson.Fields(reflect.ValueOf(c).Elem()), Types: map[string]string{"claims_to_headers": "an object of strings", "scope_implies": "an object of lists of scopes"},
	}
	object.Fields["claims"], object.Fields["mcp"] = reflect.ValueOf(&claims).Elem(), reflect.ValueOf(&mcp).Elem()
	var found configjson.Findings
	object.Read(text, &found)
	for _, name := range found.Unknown {
		found.Errors.Add(name, "is not a field of the filter, which has %s", strings.Join(configjson.FieldNames[Config](), ", "))
	}
	c.decoded.fieldErrors = found.Errors
	c.decodeMCP(mcp)
	if len(claims) > 0 && string(claims) != "null" {
		c.decodeClaims(claims)
	}
	return nil
}

// decodeClaims reads "claims" path by path, so that a fault names its path.
func (c *Config) decodeClaims(value json.RawMessage) {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		c.decoded.fieldErrors.Add("claims", `must be an object, as {"role":["admin"]}`)
		return
	}
	c.Claims = make(rule.ClaimValues, len(members))
	for path, values := range members {
		one, err := json.Marshal(map[string]json.RawMessage{path: values})
		var read rule.ClaimValues
		if err != nil || json.Unmarshal(one, &read) != nil {
			c.decoded.fieldErrors.Add(member("claims", path), "must be a value or a list of values: strings, numbers, true, false")
			continue
		}
		c.Claims[path] = read[path]
	}
}

// lenient takes one string for a list of one. It takes "true" and "false" as text too, as the host's variables give them.
func lenient(_ string, value json.RawMessage, field reflect.Type) json.RawMessage {
	return configjson.Unquoted(configjson.ListOfOne(value, field), field)
}

// member returns the name of a member of a field.
func member(field, name string) string { return field + "[" + strconv.Quote(name) + "]" }

// item returns the name of an item of a field.
func item(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
