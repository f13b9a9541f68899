package jwttoken

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/internal/appid"
	"apinto-jwt/token"
)

// assertionType is the "client_assertion_type" of a JWT (RFC 7523 §2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertionTyp is the "typ" of a client's assertion that has one of its own (draft-ietf-oauth-rfc7523bis).
const assertionTyp = "client-authentication+jwt"

// The bounds of an assertion: how far ahead it may expire, and how far clocks may differ.
const (
	maxAssertionLife = 10 * time.Minute
	assertionLeeway  = 30 * time.Second
)

// readAssertion reads the client's assertion, of which nothing is proven yet. Its issuer and subject are the client
// (RFC 7523 §3), as in HTTP Basic "application|user", or the application alone.
func readAssertion(f form) (client, *answer) {
	refuse := func(a answer) (client, *answer) { return client{}, &a }
	switch {
	case !f.has("client_assertion") || !f.has("client_assertion_type"):
		return refuse(bad("invalid_request", "client_assertion and client_assertion_type are needed together"))
	case f.has("client_secret"): // RFC 6749 §2.3
		return refuse(bad("invalid_request", "a client authenticates in one way, by client_secret or by client_assertion"))
	case f.get("client_assertion_type") != assertionType:
		return client{}, unauthorized("client_assertion_type must be " + assertionType)
	}
	u, err := token.Parse(f.get("client_assertion"))
	if err != nil {
		return client{}, unauthorized("the assertion cannot be read: " + token.ReasonOf(err).String())
	}
	c := clientNamed(u.UntrustedIssuer())
	c.assertion = u
	if f.has("client_id") && clientNamed(f.get("client_id")).owner() != c.owner() {
		return refuse(bad("invalid_request", "client_id is not the client of the assertion"))
	}
	return c, nil
}

// clientNamed returns the client of this name.
func clientNamed(name string) client {
	app, user, _ := strings.Cut(name, "|")
	return client{app: appid.Name(app), user: user}
}

// owner stands for application and user.
func (c client) owner() string { return owner(c.app, c.user) }

// authenticateByKey checks the client's assertion (RFC 7521 §4.2, RFC 7523 §3), and uses it up.
func (s *service) authenticateByKey(c client) (*driver.Account, *answer) {
	account, its, known := s.accounts.Client(c.app, c.user)
	if !known {
		return nil, unauthorized("the client or the signature of its assertion is wrong")
	}
	now := s.now()
	v, err := its.Verify(c.assertion)
	switch {
	case token.ReasonOf(err) == token.KeysUnavailable:
		a := unavailable("the client's keys are not at hand", retryLater)
		return nil, &a
	case err != nil || !account.Usable(now):
		return nil, unauthorized("the client or the signature of its assertion is wrong")
	}
	if problem := s.assertionProblem(v, account, now); problem != "" {
		return nil, unauthorized("the assertion is not good: " + problem)
	}
	return account, s.useUp(v, account, now)
}

// assertionProblem says what is wrong with a verified assertion; empty if nothing is.
func (s *service) assertionProblem(v *token.Verified, account *driver.Account, now time.Time) string {
	expected := token.Expected{Exp: token.Require, Leeway: assertionLeeway}
	audience := gjson.Get(v.Payload(), "aud")
	if list := audience.Array(); audience.IsArray() && len(list) == 1 {
		audience = list[0]
	}
	typ := gjson.Get(v.Header(), "typ").Str
	if len(typ) > len("application/") && strings.EqualFold(typ[:len("application/")], "application/") {
		typ = typ[len("application/"):]
	}
	switch err := expected.Check(v, now); {
	case err != nil:
		return token.ReasonOf(err).String()
	case typ != "" && !strings.EqualFold(typ, "JWT") && !strings.EqualFold(typ, assertionTyp): // as that of an access token
		return "its typ must be JWT or " + assertionTyp
	case v.Subject() != v.Issuer():
		return "iss and sub must both be the client"
	case audience.Type != gjson.String || audience.Str == "" || audience.Str != account.Issuer() && audience.Str != s.tokenEndpoint:
		return "aud must be the issuer alone"
	case v.Expires().Time().After(now.Add(maxAssertionLife + assertionLeeway)):
		return "exp must be within ten minutes"
	case v.ID() == "":
		return "jti is missing"
	}
	return ""
}

// useUp lets an assertion count once, at all endpoints and at all nodes that share the store (RFC 7523 §3, "jti"). It is
// known for as long as it is good.
func (s *service) useUp(v *token.Verified, account *driver.Account, now time.Time) *answer {
	id := sha256.Sum256([]byte(v.ID()))
	name := "assertion\x00" + owner(account.App(), account.User()) + "\x00" + hex.EncodeToString(id[:])
	good := v.Expires().Time().Sub(now) + assertionLeeway
	said, _, err := s.store.Reserve(name, random(6), store.Limit{Max: 1, Period: good + time.Second})
	switch {
	case err != nil:
		a := s.storeFailed(err)
		return &a
	case said != store.Reserved:
		return unauthorized("the assertion was used before")
	}
	return nil
}
