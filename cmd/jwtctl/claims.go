package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/when"
	"apinto-jwt/issuer"
)

// claimFlags say what the token is to say.
func claimFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "iss", Usage: "`TEXT` that names the issuer"},
		&cli.StringFlag{Name: "sub", Usage: "`TEXT` that names the subject"},
		repeatedFlag("aud", "`TEXT` that names an audience"),
		&cli.StringFlag{Name: "exp", Usage: "expires at `TIME`: 15m or +1h from now, 2026-01-31T12:00:00Z, seconds since 1970, or none"},
		&cli.StringFlag{Name: "nbf", Usage: "not valid before `TIME`"},
		&cli.StringFlag{Name: "iat", Usage: "issued at `TIME`, or none (default: now, unless --claims has it)"},
		&cli.StringFlag{Name: "jti", Usage: "`TEXT` that is the token's ID"},
		repeatedFlag("claim", "a further claim, `NAME=VALUE`: VALUE is JSON if it parses as JSON, else a text"),
		&cli.StringFlag{Name: "claims", Usage: "claims as `JSON` object, the name of a file with one, or - for standard input; flags replace its members in place"},
	}
}

// claims puts the claims set together (RFC 7519 §4): those of --claims in their order, then those of flags.
func (t *tool) claims(c *cli.Context) (issuer.Object, error) {
	o, err := t.baseClaims(c)
	if err != nil {
		return o, err
	}
	if err := setClaimFlags(c, &o, t.now()); err != nil {
		return o, err
	}
	return o, setPairs(&o, "--claim", repeatedValues(c, "claim"), func(name string) error {
		if c.IsSet(name) && isClaimFlag(name) {
			return misuse("--%s and --claim %s=… rule one another out", name, name)
		}
		return nil
	})
}

// baseClaims reads --claims.
func (t *tool) baseClaims(c *cli.Context) (issuer.Object, error) {
	value := strings.TrimSpace(c.String("claims"))
	text := []byte(value)
	switch {
	case !c.IsSet("claims"):
		return issuer.Object{}, nil
	case value == "":
		return issuer.Object{}, misuse("--claims is empty")
	case value[0] != '{':
		var err error
		if text, err = t.read("--claims", value); err != nil {
			return issuer.Object{}, err
		}
	}
	o, err := issuer.ParseObject(text)
	if err != nil {
		return o, fmt.Errorf("--claims: %w", err)
	}
	return o, nil
}

// isClaimFlag reports whether the claim has a flag of its own.
func isClaimFlag(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "nbf", "iat", "jti":
		return true
	}
	return false
}

// setClaimFlags sets the registered claims (RFC 7519 §4.1) that flags give, in the order of the RFC.
func setClaimFlags(c *cli.Context, o *issuer.Object, now time.Time) error {
	for _, name := range [...]string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"} {
		var err error
		switch name {
		case "aud":
			err = setAudience(o, repeatedValues(c, name))
		case "exp", "nbf", "iat":
			err = setTime(c, o, name, now)
		default:
			if c.IsSet(name) {
				err = o.Set(name, c.String(name))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setAudience sets "aud": one name as a text, several as a list (RFC 7519 §4.1.3).
func setAudience(o *issuer.Object, names []string) error {
	switch len(names) {
	case 0:
		return nil
	case 1:
		return o.Set("aud", names[0])
	}
	return o.Set("aud", names)
}

// setTime sets a time claim in whole seconds; "none" takes it away. "iat" is there unless it was taken away.
func setTime(c *cli.Context, o *issuer.Object, name string, now time.Time) error {
	text := c.String(name)
	switch {
	case text == "none":
		o.Delete(name)
		return nil
	case !c.IsSet(name) && (name != "iat" || o.Has("iat")):
		return nil
	case !c.IsSet(name):
		text = "now"
	}
	at, err := when.Parse(text, now)
	if err != nil {
		return misuse("--%s %s", name, err)
	}
	return o.Set(name, at.Unix())
}

// setPairs sets members from NAME=VALUE texts. A name that is there twice, or that allowed does not like, is bad usage.
func setPairs(o *issuer.Object, flag string, pairs []string, allowed func(name string) error) error {
	seen := make(map[string]bool, len(pairs))
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return misuse("%s wants NAME=VALUE", flag)
		}
		if seen[name] {
			return misuse("%s gives %q twice", flag, name)
		}
		seen[name] = true
		if err := allowed(name); err != nil {
			return err
		}
		if err := o.Set(name, jsonOrText(value)); err != nil {
			return err
		}
	}
	return nil
}

// jsonOrText returns the value that a text stands for: JSON if it is JSON, else the text.
func jsonOrText(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}
