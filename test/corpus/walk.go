package corpus

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// Rule is a rule that has been compiled for packages keys and token, as the driver compiles it for itself.
type Rule struct {
	// Keys may have signed the token.
	Keys *keys.Set
	// Expected must hold of its claims.
	Expected token.Expected
	// Path is where its user's name stands; where it is not set, User is the name.
	Path token.Path
	User string
}

// config is the part of the driver's configuration that says something about tokens.
type config struct {
	Issuer         string              `json:"iss"`
	Algorithm      string              `json:"algorithm"`
	Secret         keys.Secret         `json:"secret"`
	PublicKey      string              `json:"rsa_public_key"`
	Path           string              `json:"path"`
	ClaimsToVerify []string            `json:"claims_to_verify"`
	IsBase64       bool                `json:"signature_is_base_64"`
	Audience       []string            `json:"audience"`
	Leeway         int                 `json:"leeway"`
	MaxLifetime    int                 `json:"max_lifetime"`
	TokenType      string              `json:"token_type"`
	RequiredClaims map[string][]string `json:"required_claims"`
	JWKS           json.RawMessage     `json:"jwks"`
}

// Compile reads a rule's configuration.
func Compile(text []byte) (*Rule, error) {
	var c config
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, err
	}
	set, err := c.keys()
	if err != nil {
		return nil, err
	}
	rule := &Rule{Keys: set, User: c.Issuer}
	if c.Path != "" {
		rule.User = ""
		if rule.Path, err = token.ParsePath(c.Path); err != nil {
			return nil, err
		}
	}
	rule.Expected, err = c.expected()
	return rule, err
}

func (c *config) keys() (*keys.Set, error) {
	if c.JWKS != nil {
		return c.keySet()
	}
	algorithm, err := keys.ParseAlgorithm(c.Algorithm)
	if err != nil {
		return nil, err
	}
	if algorithm.Kind() == keys.KindSecret {
		secret, err := c.Secret.Bytes(c.IsBase64)
		if err != nil {
			return nil, err
		}
		key, err := keys.NewSecretKey("", secret, algorithm)
		return keys.NewSet(key), err
	}
	list, err := keys.ParsePublicPEM(c.PublicKey)
	if err != nil {
		return nil, err
	}
	set := make([]*keys.Key, len(list))
	for i, public := range list {
		if set[i], err = keys.NewPublicKey("", public, algorithm); err != nil {
			return nil, err
		}
	}
	return keys.NewSet(set...), nil
}

// keySet reads the JWK Set, and the one or more algorithms that its keys are for.
func (c *config) keySet() (*keys.Set, error) {
	var allowed []keys.Algorithm
	for _, name := range strings.Split(c.Algorithm, ",") {
		allowed = append(allowed, keys.Algorithm(strings.TrimSpace(name)))
	}
	set, _, err := keys.ParseJWKS(c.JWKS, keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(allowed...), Strict: true})
	return set, err
}

func (c *config) expected() (token.Expected, error) {
	e := token.Expected{
		Issuer: c.Issuer, Type: c.TokenType, Audience: c.Audience,
		Leeway: time.Duration(c.Leeway) * time.Second, MaxLifetime: time.Duration(c.MaxLifetime) * time.Second,
	}
	for source, values := range c.RequiredClaims {
		path, err := token.ParsePath(source)
		if err != nil {
			return e, err
		}
		claim := token.ExpectedClaim{Path: path}
		for _, value := range values {
			claim.Values = append(claim.Values, token.TextValue(value))
		}
		e.Claims = append(e.Claims, claim)
	}
	slices.SortFunc(e.Claims, func(a, b token.ExpectedClaim) int {
		return strings.Compare(a.Path.String(), b.Path.String())
	})
	if c.ClaimsToVerify == nil {
		return e, nil
	}
	e.Exp, e.Nbf, e.FutureIssue = token.Ignore, token.Ignore, len(c.ClaimsToVerify) == 0
	for _, claim := range c.ClaimsToVerify {
		switch claim {
		case "exp":
			e.Exp = token.Require
		case "nbf":
			e.Nbf = token.Require
		default:
			return e, fmt.Errorf("unknown claim %q", claim)
		}
	}
	return e, nil
}

// Walk takes a token from parse to user, as the driver does. The error is nil, or a *token.Error.
func (r *Rule) Walk(raw string, now time.Time) (user string, err error) {
	unverified, err := token.Parse(raw)
	if err != nil {
		return "", err
	}
	verified, err := unverified.Verify(r.Keys)
	if err != nil {
		return "", err
	}
	if err := r.Expected.Check(verified, now); err != nil {
		return "", err
	}
	if user = r.User; r.Path.IsZero() {
		return r.known(user)
	}
	if user, err = verified.Name(r.Path); err != nil {
		return "", err
	}
	return r.known(user)
}

// known refuses a user whom nobody knows.
func (r *Rule) known(user string) (string, error) {
	if !slices.Contains(Users(), user) {
		return "", &token.Error{Reason: token.UserUnknown, Offset: -1}
	}
	return user, nil
}
