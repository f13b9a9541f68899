package main

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// ruleFlags are the fields of a rule beside its keys.
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

// flagRule is what the flags say, ready to judge a token.
type flagRule struct {
	*rule.Rule // What claims must be, and who the user is.
	verifier
	alg    keys.Algorithm
	claims []string // --required-claim, as given
}

// rule compiles the flags. What a flag says is checked before anything is read.
func (t *tool) rule(c *cli.Context) (*flagRule, error) {
	alg, err := algorithm(c)
	if err != nil {
		return nil, err
	}
	r := &flagRule{alg: alg, claims: repeatedValues(c, "required-claim")}
	if r.Rule, err = compileFlags(c); err != nil {
		return nil, err
	}
	r.verifier, err = t.verifier(c, alg)
	return r, err
}

// compileFlags compiles what the flags say of the claims, as a rule does. The values of --required-claim stay in the order in
// which they were given.
func compileFlags(c *cli.Context) (*rule.Rule, error) {
	cfg, err := flagConfig(c)
	if err != nil {
		return nil, err
	}
	claims, err := requiredClaims(c)
	if err != nil {
		return nil, err
	}
	r, err := rule.CompileClaims(cfg)
	if err != nil {
		field, fault, _ := strings.Cut(configjson.Faults(err)[0], ": ")
		return nil, misuse("--%s %s", strings.ReplaceAll(strings.TrimPrefix(field, "config."), "_", "-"), fault)
	}
	r.Expected.Claims = claims
	return r, nil
}

// flagConfig is a rule's configuration as the flags have it, without keys. What no rule can have is bad usage: it is told
// in the flags' words, and without their values.
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
		cfg.ClaimsToVerify, err = timeClaims(c.String("claims-to-verify"))
	}
	return cfg, err
}

// spanFlag reads a flag that is a duration of whole seconds, at most so many; 0 if it is not set.
func spanFlag(c *cli.Context, name string, maximum int) (int, error) {
	if !c.IsSet(name) {
		return 0, nil
	}
	d, err := parseSpan(c.String(name))
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

// judge walks the token's way: parse, verify, expect, name the user.
func (r *flagRule) judge(raw string, now time.Time) *verdict {
	v := &verdict{Fingerprint: token.Fingerprint(raw)}
	unverified, err := token.Parse(raw)
	if err != nil {
		return v.refuse(faultsOf(raw)...)
	}
	defer func() { r.compare(v.Failures, raw, now) }()
	verified, err := unverified.Verify(r.set)
	if err != nil {
		v.hint(r, unverified)
		return v.refuse(r.untrustedIssuer(unverified, err), err)
	}
	failures := r.Expected.CheckAll(verified, now)
	v.User, err = r.user(verified)
	if failures = append(failures, err); errors.Join(failures...) != nil {
		return v.refuse(failures...)
	}
	return v.accept(verified)
}

// untrustedIssuer is the refusal of another issuer, where the signature does not verify either: the driver looks for
// the rule by algorithm and issuer before it looks at a signature, so that is its reason then.
func (r *flagRule) untrustedIssuer(unverified *token.Unverified, err error) error {
	if token.ReasonOf(err) == token.AlgorithmNotAllowed || r.Expected.Issuer == "" || unverified.UntrustedIssuer() == r.Expected.Issuer {
		return nil
	}
	return &token.Error{Reason: token.IssuerMismatch, Part: "payload.iss", Detail: "is not the configured issuer", Offset: -1}
}

// user is the name of the user: what the path names, else the configured issuer.
func (r *flagRule) user(verified *token.Verified) (string, error) {
	if r.Path.IsZero() && r.User == "" {
		return "", &token.Error{Reason: token.UserMissing, Detail: "give --path or --iss, which say who the user is; a rule with neither cannot be saved", Offset: -1}
	}
	return r.UserIn(verified)
}
