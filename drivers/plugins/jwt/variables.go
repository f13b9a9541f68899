package jwt

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/variable"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/internal/saved"
	"apinto-jwt/internal/configjson"
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
		err = check(&config)
	}
	if err != nil && env.Process() != eosc.ProcessWorker {
		return nil, fmt.Errorf(": %w", err) // the host writes the place in front, as ".Plugins[0]"
	}
	target.Set(reflect.ValueOf(config))
	return used, nil
}

// check lists all that is wrong with a configuration. One that is stored is in force with what only saving refuses.
func check(config *Config) error {
	p, err := compile(config)
	d, ok := driver.Installed()
	if err != nil || ok && d.Loading() {
		return err
	}
	if ok {
		p.objectToSharedKey(d.Signers())
	}
	return p.objections.Err(ErrConfig)
}

// read returns the configuration of a JSON tree.
func read(tree any, variables eosc.IVariable) (Config, []string, error) {
	text, used, err := saved.Text(tree, variables)
	if err != nil {
		return closedConfig(), nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	var config Config
	if err := json.Unmarshal(text, &config); err != nil {
		return closedConfig(), nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return config, used, nil
}

// closedConfig stands for a configuration that could not be read. It is as faulty when it is read again.
func closedConfig() Config {
	return Config{decoded: decoded{text: json.RawMessage(`"unreadable"`), fieldErrors: configjson.FieldErrors{"config: cannot be read"}}}
}
