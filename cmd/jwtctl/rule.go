package main

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/keys"
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

// rule is what the flags say, ready to judge a token.
type rule struct {
	verifier
	alg      keys.Algorithm
	expected token.Expected
	path     token.Path
	claims   []string // --required-claim, as given
}

// rule compiles the flags. What a flag says is checked before anything is read.
func (t *tool) rule(c *cli.Context) (*rule, error) {
	alg, err := algorithm(c)
	if err != nil {
		return nil, err
	}
	r := &rule{alg: alg, claims: repeatedValues(c, "required-claim")}
	if r.expected, err = expectedClaims(c); err != nil {
		return nil, err
	}
	if path := c.String("path"); path != "" {
		if r.path, err = token.ParsePath(path); err != nil {
			return nil, misuse("--path %s", err)
		}
	}
	r.verifier, err = t.verifier(c, alg)
	return r, err
}

// The bounds that a rule has too.
const (
	mostLeeway   = 300 * time.Second
	mostLifetime = 10 * 365 * 24 * time.Hour
)

// expectedClaims is what the flags demand of the claims. A demand that no rule can make is bad usage.
func expectedClaims(c *cli.Context) (token.Expected, error) {
	e := token.Expected{Issuer: c.String("iss"), Type: c.String("type"), Audience: repeatedValues(c, "aud")}
	if e.Type != "" && !token.TypeAllowed(e.Type) {
		return e, misuse("--type can never match: give JWT, or a type that ends in +jwt as at+jwt does")
	}
	if slices.Contains(e.Audience, "") {
		return e, misuse("--aud is empty")
	}
	var err error
	if e.Claims, err = requiredClaims(c); err != nil {
		return e, err
	}
	if e.Leeway, err = spanFlag(c, "leeway", mostLeeway); err != nil {
		return e, err
	}
	if e.MaxLifetime, err = spanFlag(c, "max-lifetime", mostLifetime); err != nil {
		return e, err
	}
	if c.IsSet("claims-to-verify") {
		err = demandTimes(&e, c.String("claims-to-verify"))
	}
	return e, err
}

// spanFlag reads a flag that is a duration in whole seconds; 0 where it is not set.
func spanFlag(c *cli.Context, name string, most time.Duration) (time.Duration, error) {
	if !c.IsSet(name) {
		return 0, nil
	}
	d, err := parseSpan(c.String(name))
	switch {
	case err != nil:
		return 0, misuse("--%s %s", name, err)
	case d > most || d%time.Second != 0:
		return 0, misuse("--%s: a rule has whole seconds, %d at most", name, most/time.Second)
	}
	return d, nil
}

// demandTimes reads a list of "exp" and "nbf", as the rule's claims_to_verify: what is listed must be there, what is not
// is not looked at; with an empty list that goes for a future "iat" too.
func demandTimes(e *token.Expected, list string) error {
	e.Exp, e.Nbf = token.Ignore, token.Ignore
	if strings.TrimSpace(list) == "" {
		e.FutureIssue = true
		return nil
	}
	for _, name := range strings.Split(list, ",") {
		switch strings.TrimSpace(name) {
		case "exp":
			e.Exp = token.Require
		case "nbf":
			e.Nbf = token.Require
		default:
			return misuse("--claims-to-verify knows exp and nbf only")
		}
	}
	return nil
}

// judge walks the token's way: parse, verify, expect, name the user.
func (r *rule) judge(raw string, now time.Time) *verdict {
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
	failures := r.expected.CheckAll(verified, now)
	v.User, err = r.user(verified)
	if failures = append(failures, err); errors.Join(failures...) != nil {
		return v.refuse(failures...)
	}
	return v.accept(verified)
}

// untrustedIssuer is the refusal of another issuer, where the signature does not verify either: the driver looks for
// the rule by algorithm and issuer before it looks at a signature, so that is its reason then.
func (r *rule) untrustedIssuer(unverified *token.Unverified, err error) error {
	if token.ReasonOf(err) == token.AlgorithmNotAllowed || r.expected.Issuer == "" || unverified.UntrustedIssuer() == r.expected.Issuer {
		return nil
	}
	return &token.Error{Reason: token.IssuerMismatch, Part: "payload.iss", Detail: "is not the configured issuer", Offset: -1}
}

// user is the name of the user: what the path names, else the configured issuer.
func (r *rule) user(verified *token.Verified) (string, error) {
	if r.path.IsZero() {
		if r.expected.Issuer == "" {
			return "", &token.Error{Reason: token.UserMissing, Detail: "give --path or --iss, which say who the user is; a rule with neither cannot be saved", Offset: -1}
		}
		return r.expected.Issuer, nil
	}
	return verified.Name(r.path)
}
