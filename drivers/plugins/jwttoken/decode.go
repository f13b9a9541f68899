package jwttoken

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/drivers/plugins/internal/saved"
)

var _ variable.IVariableResetType = Config{}

// decoded is what reading a configuration found beside its values.
type decoded struct {
	text   json.RawMessage // as it was read; null and nothing are an empty object
	fields int
	faults faults
}

// Reset reads a configuration as it stands in the admin API's JSON, with the host's variables put in. As with the
// filter's, an error here is the only one that the admin API answers when a list of plugins, a route or a template is
// saved; an empty object passes, which is what plugins that are off, or wait to be asked for, have.
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

// read is the configuration of a JSON tree. One that cannot be read is as faulty when it is read again.
func read(tree any, variables eosc.IVariable) (Config, []string, error) {
	var config Config
	text, used, err := saved.Text(tree, variables)
	if err == nil {
		err = json.Unmarshal(text, &config)
	}
	if err != nil {
		config = Config{decoded: decoded{text: json.RawMessage(`"unreadable"`), faults: faults{"config: cannot be read"}}}
		return config, nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return config, used, nil
}

// empty tells whether there is nothing in the configuration.
func (c *Config) empty() bool { return c.decoded.fields == 0 && c.decoded.faults == nil }

// MarshalJSON is the text that the configuration was read from: the host passes configurations on in this way, and a
// fault must not be lost.
func (c Config) MarshalJSON() ([]byte, error) {
	if len(c.decoded.text) == 0 {
		return []byte("{}"), nil
	}
	return c.decoded.text, nil
}

// UnmarshalJSON reads a configuration field by field: a field of a wrong type does not hide the faults of the others. A
// field that is not one of ours is a fault: what it was meant to say would not be heeded.
func (c *Config) UnmarshalJSON(text []byte) error {
	*c = Config{decoded: decoded{text: bytes.Clone(text)}}
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		c.decoded.text = nil
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		c.decoded.faults.add("config", `must be an object, as {"endpoint":"token"}`)
		return nil
	}
	c.decoded.fields = len(members)
	for name, value := range members {
		c.decode(name, value)
	}
	return nil
}

// fieldNames are the JSON names of all fields.
const fieldNames = "endpoint, cache, introspect_for, on_store_failure, trust_real_ip, trusted_proxies, max_sessions, max_logins"

// decode reads one field. Null is its default. A boolean or a number may stand in a string, as the host's variables
// do.
func (c *Config) decode(name string, value json.RawMessage) {
	var field any
	kind := "a string"
	switch name {
	case "endpoint":
		field = &c.Endpoint
	case "cache":
		field = &c.Cache
	case "introspect_for":
		field, kind = &c.IntrospectFor, "a list of applications"
		if len(value) > 0 && value[0] == '"' { // one, as the host's variables are
			value = slices.Concat(json.RawMessage("["), value, json.RawMessage("]"))
		}
	case "on_store_failure":
		field = &c.OnStoreFailure
	case "trust_real_ip":
		field, kind = &c.TrustRealIP, "true or false"
		if text := string(value); text == `"true"` || text == `"false"` {
			value = bytes.Trim(value, `"`)
		}
	case "trusted_proxies":
		field, kind = &c.TrustedProxies, "a list of strings"
	case "max_sessions":
		field, kind = &c.MaxSessions, "a whole number"
		value = unquotedNumber(value)
	case "max_logins":
		field, kind = &c.MaxLogins, "a whole number"
		value = unquotedNumber(value)
	default:
		c.decoded.faults.add(name, "is not a field of the endpoint, which has %s", fieldNames)
		return
	}
	if json.Unmarshal(value, field) != nil {
		c.decoded.faults.add(name, "must be %s", kind)
	}
}

// unquotedNumber takes the quotes off a whole number, as a variable is written.
func unquotedNumber(value json.RawMessage) json.RawMessage {
	if text := bytes.Trim(value, `"`); len(text) == len(value)-2 {
		if _, err := strconv.Atoi(string(text)); err == nil {
			return text
		}
	}
	return value
}

// faults are what is wrong with a configuration, each with its field.
type faults []string

// add notes a fault of a field.
func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, field+": "+fmt.Sprintf(format, args...))
}

// about tells whether there is a fault of the field.
func (f faults) about(field string) bool {
	return slices.ContainsFunc(f, func(fault string) bool { return strings.HasPrefix(fault, field+": ") })
}

// err is all faults as one error, nil where there are none.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	sort.Strings(f)
	return fmt.Errorf("%w: %s", ErrConfig, strings.Join(f, "; "))
}
