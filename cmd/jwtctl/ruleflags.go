package main

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/when"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// ruleFlags returns the fields of a rule beside its keys.
func ruleFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "iss", Usage: "`TEXT` that the token must name as its issuer; without --path it is the user"},
		&cli.StringFlag{Name: "path", Usage: "`PATH` of the user's name in the payload: name, user.name, $.user.name"},
		&cli.StringFlag{Name: "claims-to-verify", Usage: "`LIST` of exp and nbf: listed, it must be there and hold; not listed, it is ignored; '' ignores both (default: each must hold where it is there)"},
		repeatedFlag("aud", "`TEXT` that names an audience; the token must have one of them"),
		&cli.StringFlag{Name: "leeway", Usage: "`DURATION` by which clocks may differ, as 30s"},
		&cli.StringFlag{Name: "max-lifetime", Usage: "`DURATION` from iat to exp at most, as 12h or 30d"},
		repeatedFlag("required-claim", "a claim that must be there, `PATH=VALUE`: it equals the value or is a list that has it; given again for a path, one of the values; PATH alone: any value"),
		&cli.StringFlag{Name: "type", Usage: "`TEXT` that the header must have as typ, as at+jwt"},
	}
}

// flagConfig returns the flags as a rule's configuration, without keys. What no rule can have is bad usage: the error names
// the flag and does not show its value.
func flagConfig(c *cli.Context) (*rule.Config, error) {
	cfg := &rule.Config{Iss: c.String("iss"), Path: c.String("path"), TokenType: c.String("type"), Audience: repeatedValues(c, "aud")}
	if cfg.TokenType != "" && !token.TypeAllowed(cfg.TokenType) {
		return nil, misuse("--type can never match: give JWT, or a type that ends in +jwt as at+jwt does")
	}
	if slices.Contains(cfg.Audience, "") {
		return nil, misuse("--aud is empty")
	}
	var err error
	if cfg.Leeway, err = spanFlag(c, "leeway", rule.MaxLeeway); err != nil {
		return nil, err
	}
	if cfg.MaxLifetime, err = spanFlag(c, "max-lifetime", rule.MaxLifetime); err != nil {
		return nil, err
	}
	if c.IsSet("claims-to-verify") {
		if cfg.ClaimsToVerify, err = timeClaims(c.String("claims-to-verify")); err != nil {
			return nil, err
		}
	}
	if cfg.Path != "" {
		if _, err := token.ParsePath(cfg.Path); err != nil {
			return nil, misuse("--path %s", err)
		}
	}
	cfg.RequiredClaims, err = requiredClaims(c)
	return cfg, err
}

// spanFlag reads a flag that is a duration of whole seconds, at most so many; 0 if it is not set.
func spanFlag(c *cli.Context, name string, maximum int) (int, error) {
	if !c.IsSet(name) {
		return 0, nil
	}
	d, err := when.Span(c.String(name))
	switch {
	case err != nil:
		return 0, misuse("--%s %s", name, err)
	case d > time.Duration(maximum)*time.Second || d%time.Second != 0:
		return 0, misuse("--%s: a rule has whole seconds, %d at most", name, maximum)
	}
	return int(d / time.Second), nil
}

// timeClaims reads a list of "exp" and "nbf", as a rule's claims_to_verify.
func timeClaims(list string) ([]string, error) {
	if strings.TrimSpace(list) == "" {
		return []string{}, nil
	}
	names := strings.Split(list, ",")
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "exp" && name != "nbf" {
			return nil, misuse("--claims-to-verify knows exp and nbf only")
		}
	}
	return names, nil
}

// requiredClaims reads --required-claim as "required_claims" of a rule: a path has the values that are given for it. A path
// without a value must be there.
func requiredClaims(c *cli.Context) (rule.ClaimValues, error) {
	claims := make(rule.ClaimValues)
	for _, given := range repeatedValues(c, "required-claim") {
		path, value, hasValue := strings.Cut(given, "=")
		if _, err := token.ParsePath(path); err != nil {
			return nil, misuse("--required-claim: the path %s", err)
		}
		values := claims[path]
		if hasValue {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			values = append(values, rule.ClaimValue(text))
		}
		claims[path] = values
	}
	return claims, nil
}
