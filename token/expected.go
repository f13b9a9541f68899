package token

import (
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// Demand is a demand on a time claim.
type Demand uint8

// The demands.
const (
	// Honour: looked at if it is there (RFC 7519 §4.1.4, §4.1.5).
	Honour Demand = iota
	// Require: it must be there.
	Require
	// Ignore: not looked at.
	Ignore
)

// Expected holds the demands on a verified token's claims. The zero value honours "exp" and "nbf" and demands
// nothing else.
type Expected struct {
	// Issuer must be equal to "iss" (RFC 7519 §4.1.1); empty: any or none.
	Issuer string
	// Type must be equal to "typ", in any case, "application/" left out (RFC 8725 §3.11); empty: any.
	Type string
	// Exp and Nbf are the demands on "exp" and "nbf".
	Exp, Nbf Demand
	// Leeway is how far clocks may differ: it lengthens both ends of a token's life.
	Leeway time.Duration
	// FutureIssue allows an "iat" that lies in the future.
	FutureIssue bool
	// MaxLifetime is the longest "exp" − "iat"; both are then required. 0: any.
	MaxLifetime time.Duration
	// Audience must have a name that is in "aud" (RFC 7519 §4.1.3); empty: any or none.
	Audience []string
	// Resource is an audience too, whose scheme and host may be in any case (RFC 3986 §6.2.2.1), in the form that
	// resourceuri.Canonical returns; empty: none.
	Resource string
	// Claims must hold, each of them.
	Claims []ExpectedClaim
}

// ExpectedClaim is a demand on one claim: it must be there and, unless Values is empty, equal one of them, or be a
// list that holds one. A claim that is null is there, and equals nothing.
type ExpectedClaim struct {
	Path   Path
	Values []Value
}

// checks are the questions that Check asks, in their order.
var checks = [...]func(*Expected, *Verified, float64) *Error{
	(*Expected).checkIssuer,
	(*Expected).checkType,
	(*Expected).checkExpires,
	(*Expected).checkNotBefore,
	(*Expected).checkIssuedAt,
	(*Expected).checkLifetime,
	(*Expected).checkAudience,
	(*Expected).checkClaims,
}

// Check reports whether the claims hold at the time. The error is the first failure: an *Error with IssuerMismatch,
// TypeNotAllowed, TokenExpired, TokenNotYetValid, LifetimeTooLong, AudienceMismatch, ClaimMissing or ClaimMismatch.
func (e *Expected) Check(v *Verified, now time.Time) error {
	seconds := secondsOf(now)
	for _, check := range checks {
		if err := check(e, v, seconds); err != nil {
			return err
		}
	}
	return nil
}

// CheckTime does the part of Check that time can change: a token for which Check has held fails it or holds still.
func (e *Expected) CheckTime(v *Verified, now time.Time) error {
	seconds := secondsOf(now)
	if err := e.checkExpires(v, seconds); err != nil {
		return err
	}
	if err := e.checkNotBefore(v, seconds); err != nil {
		return err
	}
	if err := e.checkIssuedAt(v, seconds); err != nil {
		return err
	}
	return nil
}

// CheckAll is Check for people: it goes on after a failure, and says of each kind of demand what fails first.
func (e *Expected) CheckAll(v *Verified, now time.Time) []error {
	var failures []error
	for _, check := range checks {
		if err := check(e, v, secondsOf(now)); err != nil {
			failures = append(failures, err)
		}
	}
	return failures
}

func (e *Expected) checkIssuer(v *Verified, _ float64) *Error {
	if e.Issuer == "" || v.token.claims.issuer == e.Issuer {
		return nil
	}
	if !v.token.claims.has.issuer {
		return refuse(IssuerMismatch, "payload.iss", "is missing")
	}
	return refuse(IssuerMismatch, "payload.iss", "is not the configured issuer")
}

func (e *Expected) checkType(v *Verified, _ float64) *Error {
	if e.Type == "" || SameType(v.token.compact.header.typ, e.Type) {
		return nil
	}
	return refuse(TypeNotAllowed, "header.typ", "is not the type that is demanded")
}

func (e *Expected) checkExpires(v *Verified, now float64) *Error {
	if e.Exp == Ignore {
		return nil
	}
	exp := v.token.claims.expires
	if !exp.set && e.Exp == Honour {
		return nil
	}
	if !exp.set {
		return refuse(ClaimMissing, "payload.exp", "is missing")
	}
	if now >= exp.seconds+e.Leeway.Seconds() {
		return refuse(TokenExpired, "payload.exp", "it ended "+exp.String())
	}
	return nil
}

func (e *Expected) checkNotBefore(v *Verified, now float64) *Error {
	if e.Nbf == Ignore {
		return nil
	}
	nbf := v.token.claims.notBefore
	if !nbf.set && e.Nbf == Honour {
		return nil
	}
	if !nbf.set {
		return refuse(ClaimMissing, "payload.nbf", "is missing")
	}
	if now < nbf.seconds-e.Leeway.Seconds() {
		return refuse(TokenNotYetValid, "payload.nbf", "it begins "+nbf.String())
	}
	return nil
}

func (e *Expected) checkIssuedAt(v *Verified, now float64) *Error {
	if e.FutureIssue {
		return nil
	}
	iat := v.token.claims.issuedAt
	if !iat.set || iat.seconds <= now+e.Leeway.Seconds() {
		return nil
	}
	return refuse(TokenNotYetValid, "payload.iat", "it says it was issued in the future, at "+iat.String())
}

func (e *Expected) checkLifetime(v *Verified, _ float64) *Error {
	if e.MaxLifetime == 0 {
		return nil
	}
	c := &v.token.claims
	if !c.expires.set {
		return refuse(ClaimMissing, "payload.exp", "is missing")
	}
	if !c.issuedAt.set {
		return refuse(ClaimMissing, "payload.iat", "is missing")
	}
	if lifetime := c.expires.seconds - c.issuedAt.seconds; lifetime > e.MaxLifetime.Seconds() {
		return refuse(LifetimeTooLong, "payload.exp", "it lives "+strconv.FormatFloat(lifetime, 'f', -1, 64)+
			" s, at most "+strconv.FormatFloat(e.MaxLifetime.Seconds(), 'f', -1, 64)+" s are allowed")
	}
	return nil
}

func (e *Expected) checkAudience(v *Verified, _ float64) *Error {
	if len(e.Audience) == 0 && e.Resource == "" {
		return nil
	}
	if !v.token.claims.has.audience {
		return refuse(AudienceMismatch, "payload.aud", "is missing")
	}
	if !v.token.claims.hasAudience(e.Audience, e.Resource) {
		return refuse(AudienceMismatch, "payload.aud", "has none of the configured audiences")
	}
	return nil
}

func (e *Expected) checkClaims(v *Verified, _ float64) *Error {
	for i := range e.Claims {
		if err := e.Claims[i].check(v); err != nil {
			return err
		}
	}
	return nil
}

// check reports whether the claim is there and has an allowed value.
func (c *ExpectedClaim) check(v *Verified) *Error {
	value, ok := v.Find(c.Path)
	if !ok {
		return refuse(ClaimMissing, "payload."+c.Path.String(), "is missing")
	}
	if len(c.Values) == 0 {
		return nil
	}
	found := false
	each(value, func(item gjson.Result) bool {
		for _, allowed := range c.Values {
			found = found || allowed.equal(item)
		}
		return !found
	})
	if !found {
		return refuse(ClaimMismatch, "payload."+c.Path.String(), "has none of the allowed values")
	}
	return nil
}
