package jwttoken

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/drivers/plugins/internal/saved"
	"apinto-jwt/internal/configjson"
)

var _ variable.IVariableResetType = Config{}

// decoded holds the results of reading a configuration beside its values.
type decoded struct {
	text        json.RawMessage // as it was read; null and nothing are an empty object
	fields      int             // number of members
	fieldErrors configjson.FieldErrors
}

// Reset reads a configuration as it stands in the admin API's JSON, with the host's variables put in. As with the
// filter's, an error here is the only one that the admin API answers when a list of plugins, a route or a template is
// saved; an empty object passes: plugins that are off, or wait to be asked for, have one.
//
// In a worker it never fails: there an error would take all plugins off all routes. The endpoint of a configuration
// that cannot be read answers no request instead.
func (Config) Reset(origin, target reflect.Value, variables eosc.IVariable) ([]string, error) {
	var tree any
	if origin.IsValid() {
		tree = origin.Interface()
	}
	config, used, err := read(tree, variables)
	if err == nil && !config.empty() {
		err = config.check()
	}
	if err != nil && env.Process() != eosc.ProcessWorker {
		return nil, fmt.Errorf(": %w", err) // the host writes the place in front, as ".Plugins[0]"
	}
	target.Set(reflect.ValueOf(config))
	return used, nil
}

// read returns the configuration of a JSON tree. One that cannot be read is as faulty when it is read again.
func read(tree any, variables eosc.IVariable) (Config, []string, error) {
	var config Config
	text, used, err := saved.Text(tree, variables)
	if err == nil {
		err = json.Unmarshal(text, &config)
	}
	if err != nil {
		config = Config{decoded: decoded{text: json.RawMessage(`"unreadable"`), fieldErrors: configjson.FieldErrors{"config: cannot be read"}}}
		return config, nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return config, used, nil
}

// empty reports whether the configuration has no members.
func (c *Config) empty() bool { return c.decoded.fields == 0 && c.decoded.fieldErrors == nil }

// MarshalJSON returns the text that the configuration was read from: the host passes configurations on in this way, and a
// fault must not be lost.
func (c Config) MarshalJSON() ([]byte, error) {
	if len(c.decoded.text) == 0 {
		return []byte("{}"), nil
	}
	return c.decoded.text, nil
}

// UnmarshalJSON reads a configuration field by field, so that all faults are reported together. An unknown field is a
// fault: its meaning would be ignored.
func (c *Config) UnmarshalJSON(text []byte) error {
	*c = Config{decoded: decoded{text: bytes.Clone(text)}}
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		c.decoded.text = nil
		return nil
	}
	object := configjson.Object{
		Whole: "config", Example: `, as {"endpoint":"token"}`, Exact: true, Adjust: lenient,
		Fields: configjson.Fields(reflect.ValueOf(c).Elem()), Types: map[string]string{"introspect_for": "a list of applications"},
	}
	var found configjson.Findings
	object.Read(text, &found)
	for _, name := range found.Unknown {
		found.Errors.Add(name, "is not a field of the endpoint, which has %s", fieldNames)
	}
	c.decoded.fieldErrors = found.Errors
	c.decoded.fields = found.Members
	return nil
}

// fieldNames are the JSON names of all fields.
const fieldNames = "endpoint, cache, introspect_for, on_store_failure, trust_real_ip, trusted_proxies, max_sessions, max_logins, " +
	"issuer, token_endpoint, revocation_endpoint, introspection_endpoint, jwks_uri, authorization_endpoint, scopes_supported, " +
	"protected_resources, service_documentation"

// listsOfOne are the lists for which one text is taken too.
var listsOfOne = map[string]bool{"introspect_for": true, "scopes_supported": true, "protected_resources": true}

// lenient takes one text for a list of one. It takes a boolean or a number as text too, as the host's variables give
// them.
func lenient(name string, value json.RawMessage, field reflect.Type) json.RawMessage {
	if listsOfOne[name] {
		return configjson.ListOfOne(value, field)
	}
	return configjson.Unquoted(value, field)
}
