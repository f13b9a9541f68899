package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/verdict"
	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// publicWanted replaces what keys.ErrPrivateKey says, which supposes that the key has left its owner.
const publicWanted = "is a private key; give the public one (openssl pkey -in FILE -pubout makes it)"

// rule compiles the flags, as the driver compiles a rule. It checks the flags before it reads files.
func (t *tool) rule(c *cli.Context) (*verdict.Rule, error) {
	algs, err := algorithms(c)
	if err != nil {
		return nil, err
	}
	alg := algs[0]
	cfg, err := flagConfig(c)
	if err != nil {
		return nil, err
	}
	cfg.Algorithm = c.String("alg")
	source, err := t.readKeys(c, alg, cfg)
	if err != nil {
		return nil, err
	}
	r := &verdict.Rule{Algorithms: algs, Claims: repeatedValues(c, "required-claim"), IsBase64: cfg.SignatureIsBase64}
	if r.Rule, err = rule.CompileVerifying(cfg); err != nil {
		return nil, keyError(source, err)
	}
	if alg.Kind() == keys.KindSecret && cfg.JWKS == "" {
		t.warnOfShortSecret(r.Keys.Set.Keys()[0].SecretBits(), alg)
		cfg.SignatureIsBase64 = !cfg.SignatureIsBase64
		r.OtherReading, _ = rule.CompileVerifying(cfg) // nil if there is no other reading
		return r, nil
	}
	for _, warning := range r.Warnings {
		t.warn("%s", screen.Safe(strings.Replace(warning, "config.jwks", source, 1)))
	}
	return r, nil
}

// readKeys reads the configuration's secret, public keys or JWK Set. It returns the flag or variable that gave them.
func (t *tool) readKeys(c *cli.Context, alg keys.Algorithm, cfg *rule.Config) (source string, err error) {
	if c.IsSet("jwks") {
		err := cmp.Or(
			exclusive(c, "jwks", "key"), exclusive(c, "jwks", "secret"), exclusive(c, "jwks", "secret-base64"),
			exclusive(c, "jwks", "secret-file"), exclusive(c, "jwks", "base64"),
		)
		if err != nil {
			return "", err
		}
		text, err := t.read("--jwks", c.String("jwks"))
		if err == nil && len(text) == 0 {
			err = fmt.Errorf("--jwks: %w", keys.ErrEmpty)
		}
		cfg.JWKS = keys.Secret(text)
		return "--jwks", err
	}
	if err := checkKeyFlags(c, alg); err != nil {
		return "", err
	}
	if alg.Kind() == keys.KindSecret {
		given, err := t.secret(c)
		cfg.Secret, cfg.SignatureIsBase64 = given.text, given.isBase64
		return given.source, err
	}
	text, err := t.read("--key", c.String("key"))
	cfg.RsaPublicKey = string(text)
	return "--key", err
}

// keyError returns the first fault of the keys, in the words of the flag that gave them.
func keyError(source string, err error) error {
	field, fault, _ := strings.Cut(configjson.Faults(err)[0], ": ")
	if field == "config.path" {
		return misuse("--path %s", fault)
	}
	wanted := publicWanted
	if field == "config.jwks" {
		wanted = "is a private key; give the public ones"
	}
	return errors.New(source + ": " + strings.Replace(fault, keys.ErrPrivateKey.Error(), wanted, 1))
}
