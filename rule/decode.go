package rule

import (
	"encoding/json"
	"reflect"
	"strings"

	"apinto-jwt/internal/configjson"
)

// decoded holds the results of reading a rule's JSON beside its values.
type decoded struct {
	configjson.Findings
	beside []string // fields beside "config" that are not the host's
}

// UnmarshalJSON reads a rule field by field: a field of a wrong type does not hide the faults of the others, which
// are all reported together when the rule is compiled. It fails only for what is no JSON.
func (c *Config) UnmarshalJSON(text []byte) error {
	*c = Config{}
	object := configjson.Object{
		Path: "config", Example: ", as in {\"algorithm\":\"HS256\",…}",
		Fields: configjson.Fields(reflect.ValueOf(c).Elem()), Adjust: lenient,
	}
	object.Read(text, &c.decoded.Findings)
	return nil
}

// lenient makes one value a list of one if the field is a list, and the object of a key set a text.
func lenient(name string, value json.RawMessage, field reflect.Type) json.RawMessage {
	if strings.EqualFold(name, "jwks") && value[0] == '{' {
		text, _ := json.Marshal(string(value)) // a string can always be written
		return text
	}
	return configjson.ListOfOne(value, field)
}

// NoteBeside keeps the names of an entry's fields that are not the host's, for Compile to judge. The entry is the object that
// has the configuration as "config".
func (c *Config) NoteBeside(entry any) { c.decoded.beside = UnknownBeside(entry) }
