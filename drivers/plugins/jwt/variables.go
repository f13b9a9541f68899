package jwt

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/variable"
)

var _ variable.IVariableResetType = Config{}

// Reset reads a configuration as it stands in the admin API's JSON, with the host's variables ("${name}") put in. The
// host calls it wherever a list of plugins, a route or a template is read; when one is saved, an error here is what the
// admin API answers, and the only one: it does not report what a plugin's Create or Check says.
//
// In a worker it never fails: there an error would take all plugins off all routes. The filter of a configuration that
// cannot be read refuses every request instead.
func (Config) Reset(origin, target reflect.Value, variables eosc.IVariable) ([]string, error) {
	var tree any
	if origin.IsValid() {
		tree = origin.Interface()
	}
	config, used, err := read(tree, variables)
	if err == nil {
		_, err = compile(&config)
	}
	if err != nil && env.Process() != eosc.ProcessWorker {
		return nil, fmt.Errorf(": %w", err) // the host writes the place in front, as ".Plugins[0]"
	}
	target.Set(reflect.ValueOf(config))
	return used, nil
}

// read is the configuration of a JSON tree.
func read(tree any, variables eosc.IVariable) (Config, []string, error) {
	r := replacer{variables: variables}
	text, err := json.Marshal(r.value(tree))
	if err != nil { // it came out of JSON
		return closedConfig(), nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if r.missing != "" {
		return closedConfig(), nil, fmt.Errorf("%w: %s: no such variable", ErrConfig, r.missing)
	}
	var config Config
	if err := json.Unmarshal(text, &config); err != nil {
		return closedConfig(), nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return config, r.used, nil
}

// closedConfig stands for a configuration that could not be read. It is as faulty when it is read again.
func closedConfig() Config {
	return Config{decoded: decoded{text: json.RawMessage(`"unreadable"`), faults: faults{"config: cannot be read"}}}
}

// replacer puts variables into a JSON tree.
type replacer struct {
	variables eosc.IVariable
	used      []string
	missing   string
}

// value is the value with variables put in, members' names too.
func (r *replacer) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.text(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = r.value(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[r.text(name)] = r.value(v[name])
		}
		return object
	}
	return v
}

// text is the text with variables put in. The host's own builder gets nothing but the variables: it breaks a "$" that
// stands before a character other than ASCII.
func (r *replacer) text(s string) string {
	var b strings.Builder
	for {
		begin := strings.Index(s, "${")
		if begin < 0 {
			break
		}
		length := strings.IndexByte(s[begin:], '}') + 1
		if length == 0 {
			break
		}
		value, used, ok := variable.NewBuilder(s[begin : begin+length]).Replace(r.variables)
		if !ok {
			r.missing = s[begin : begin+length]
		}
		r.used = append(r.used, used...)
		b.WriteString(s[:begin] + value)
		s = s[begin+length:]
	}
	b.WriteString(s)
	return b.String()
}
