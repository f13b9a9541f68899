package rule

import (
	"errors"
	"time"

	"apinto-jwt/token"
)

// errOtherUser is a fault of ours: a token that was made for one user names another.
var errOtherUser = errors.New("the token names another user")

// Examination is the outcome of a token's whole way: parse, key, signature, claims, user.
type Examination struct {
	Unverified *token.Unverified // The parsed token; nil if it cannot be parsed.
	Verified   *token.Verified   // The accepted token; nil if it is refused.
	User       string            // Name of the accepted token's user.
	Failures   []error           // In the order of the way; empty if the token is accepted.
}

// Examine takes a token from its text to the user. It goes on after a failed claim, so that every failure is known. The
// keys must be a source that does not change.
func (r *Rule) Examine(raw string, now time.Time) Examination {
	return r.examine(raw, &r.Expected, now)
}

// examine is Examine with other demands on the claims.
func (r *Rule) examine(raw string, expected *token.Expected, now time.Time) (e Examination) {
	var err error
	if e.Unverified, err = token.Parse(raw); err != nil {
		e.Failures = []error{err}
		return e
	}
	verified, err := e.Unverified.Verify(r.Keys.Set)
	if err != nil {
		e.Failures = r.unverifiedFailures(e.Unverified, err)
		return e
	}
	e.Failures = expected.CheckAll(verified, now)
	user, err := r.userIn(verified)
	if err != nil {
		e.Failures = append(e.Failures, err)
	}
	if len(e.Failures) == 0 {
		e.User, e.Verified = user, verified
	}
	return e
}

// unverifiedFailures puts the issuer's refusal before the one of a signature: rules are found by algorithm and issuer.
func (r *Rule) unverifiedFailures(u *token.Unverified, err error) []error {
	if token.ReasonOf(err) == token.AlgorithmNotAllowed || r.Expected.Issuer == "" || u.UntrustedIssuer() == r.Expected.Issuer {
		return []error{err}
	}
	return []error{&token.Error{Reason: token.IssuerMismatch, Part: "payload.iss", Detail: "is not the configured issuer", Offset: -1}, err}
}

// Recognise examines a token that was made under the rule. It returns nil if the token is accepted for the user.
func (r *Rule) Recognise(raw, user string, now time.Time) error {
	return r.recognise(raw, user, &r.Expected, now)
}

// recognise is Recognise with other demands on the claims.
func (r *Rule) recognise(raw, user string, expected *token.Expected, now time.Time) error {
	e := r.examine(raw, expected, now)
	switch {
	case len(e.Failures) > 0:
		return e.Failures[0]
	case e.User != user:
		return errOtherUser
	}
	return nil
}

// Judge checks whether a verified token's claims hold now. It returns the name of the user whom the token names, or an error
// with the reason. AnyUser tells that [AnyUser] is among the users. Requests take this step alone: their signatures may be
// cached.
func (r *Rule) Judge(v *token.Verified, now time.Time, anyUser bool) (user string, err error) {
	if err := r.Expected.Check(v, now); err != nil {
		return "", err
	}
	if anyUser {
		return r.subjectOf(v)
	}
	return r.userIn(v)
}

// errNoUser refuses each token of a rule with neither path nor issuer, which cannot be saved.
var errNoUser = &token.Error{Reason: token.UserMissing, Detail: "the rule names no user", Offset: -1}

// userIn returns the user whom a verified token names.
func (r *Rule) userIn(v *token.Verified) (string, error) {
	if r.Path.IsZero() {
		if r.User == "" {
			return "", errNoUser
		}
		return r.User, nil
	}
	return v.Name(r.Path)
}
