package jwt

import (
	"net/http"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/token"
)

// refusal is why a request is refused, and with which answer.
type refusal struct {
	reason  string // stable: in labels, logs and answers
	status  int    // HTTP
	code    string // RFC 6750 §3.1; empty if no token came, of which nothing more is to be said
	message string // printable ASCII without quotes and backslashes, as error_description must be
	ours    bool   // the driver has not labelled the request with it
	always  bool   // in the mode "observe" too
	final   bool   // no other token would mend it: there is no challenge
}

// The codes of RFC 6750 §3.1.
const (
	invalidRequest    = "invalid_request"
	invalidToken      = "invalid_token"
	insufficientScope = "insufficient_scope"

	insufficientAuthentication = "insufficient_user_authentication" // RFC 9470 §3
)

// The refusals of the filter itself.
var (
	// refusalApp: the token is good for no application that may come in.
	refusalApp = &refusal{
		reason: "app_not_allowed", status: http.StatusForbidden, code: insufficientScope, ours: true,
		message: "the application of the token may not use this route",
	}
	// refusalParameters: the application's additional parameters contradict the request. The status is that of "app",
	// which behind a filter that observes would not refuse any more: the application is known by then.
	refusalParameters = &refusal{
		reason: "params_refused", status: http.StatusUnauthorized, code: invalidRequest, ours: true, always: true,
		message: "the parameters of the application cannot be added to the request",
	}
	// refusalFieldName: a header's name is no token (RFC 9112 §5.1). Others take the field for one of another name.
	refusalFieldName = &refusal{
		reason: "header_malformed", status: http.StatusBadRequest, code: invalidRequest, always: true,
		message: "the name of a header has white space in it or before the colon",
	}
	// refusalFault: a fault of ours.
	refusalFault = &refusal{
		reason: token.Internal.String(), status: http.StatusUnauthorized, code: invalidToken,
		message: "the gateway failed to check the token",
	}
	// refusalTwoTokens: two different tokens came.
	refusalTwoTokens = &refusal{
		reason: token.TokenMalformed.String(), status: http.StatusBadRequest, code: invalidRequest,
		message: "the request has two different tokens",
	}
	// refusalNoRule: a token came, and no rule is in force that could accept any.
	refusalNoRule = &refusal{
		reason: token.AlgorithmNotAllowed.String(), status: http.StatusUnauthorized, code: invalidToken, ours: true,
		message: "no rule is in force that could accept the token",
	}
	// refusalResource: the token is for another resource.
	refusalResource = &refusal{
		reason: token.AudienceMismatch.String(), status: http.StatusUnauthorized, code: invalidToken, ours: true,
		message: "the token is for another resource",
	}
	// refusalSpent: the body was read in search of a token, and cannot be put back: it cannot be forwarded.
	refusalSpent = spent(token.TokenTooLarge)
	// refusalDamaged: the body was read in search of a token, and breaks off.
	refusalDamaged = spent(token.TokenMalformed)
)

// refusalsOfClaims are for a good token that is not what the route requires.
var refusalsOfClaims = map[token.Reason]*refusal{
	token.AudienceMismatch: forbidden(token.AudienceMismatch, "the token is not for the audience of this route"),
	token.ClaimMissing:     forbidden(token.ClaimMissing, "the token lacks a claim or scope that this route requires"),
	token.ClaimMismatch:    forbidden(token.ClaimMismatch, "a claim or scope of the token is not what this route requires"),
}

// refusals are for what the driver refuses.
var refusals = map[token.Reason]*refusal{
	token.TokenMissing: {
		reason: token.TokenMissing.String(), status: http.StatusUnauthorized, message: "a token is required",
	},
	token.TokenMalformed:      unauthorized(token.TokenMalformed, "the token is not a well-formed JWT"),
	token.TokenTooLarge:       unauthorized(token.TokenTooLarge, "the token, or the body that carries it, is too large"),
	token.AlgorithmNotAllowed: unauthorized(token.AlgorithmNotAllowed, "the algorithm of the token is not allowed"),
	token.TypeNotAllowed:      unauthorized(token.TypeNotAllowed, "the type of the token is not allowed"),
	token.CriticalUnknown:     unauthorized(token.CriticalUnknown, "the token needs an extension that is not known here"),
	token.IssuerMismatch:      unauthorized(token.IssuerMismatch, "the issuer of the token is not known here"),
	token.KeyUnknown:          unauthorized(token.KeyUnknown, "the key of the token is not known here"),
	token.KeysUnavailable:     unauthorized(token.KeysUnavailable, "the keys of the issuer are not at hand; try again later"),
	token.SignatureInvalid:    unauthorized(token.SignatureInvalid, "the signature of the token is not valid"),
	token.TokenExpired:        unauthorized(token.TokenExpired, "the token has expired"),
	token.TokenNotYetValid:    unauthorized(token.TokenNotYetValid, "the token is not valid yet"),
	token.LifetimeTooLong:     unauthorized(token.LifetimeTooLong, "the token is valid for longer than is allowed"),
	token.AudienceMismatch:    unauthorized(token.AudienceMismatch, "the token is for another audience"),
	token.ClaimMissing:        unauthorized(token.ClaimMissing, "the token lacks a claim"),
	token.ClaimMismatch:       unauthorized(token.ClaimMismatch, "a claim of the token has a value that is not allowed"),
	token.TokenRevoked:        unauthorized(token.TokenRevoked, "the token has been revoked"),
	token.UserMissing:         unauthorized(token.UserMissing, "the token names no user"),
	token.UserUnknown:         unauthorized(token.UserUnknown, "the user of the token is not known here"),
	token.UserExpired:         unauthorized(token.UserExpired, "the user of the token has expired"),
	token.AppDisabled:         unauthorized(token.AppDisabled, "the application of the token is disabled"),
}

func unauthorized(reason token.Reason, message string) *refusal {
	return &refusal{reason: reason.String(), status: http.StatusUnauthorized, code: invalidToken, message: message}
}

func spent(reason token.Reason) *refusal {
	return &refusal{
		reason: reason.String(), status: http.StatusBadRequest, code: invalidRequest, always: true,
		message: "the body cannot be read as a whole",
	}
}

func forbidden(reason token.Reason, message string) *refusal {
	return &refusal{reason: reason.String(), status: http.StatusForbidden, code: insufficientScope, message: message, ours: true}
}

// refusalOf returns the refusal of a request that the driver does not accept.
func refusalOf(r driver.Result) *refusal {
	switch {
	case r.Spent() && r.Reason() == token.TokenMalformed:
		return refusalDamaged
	case r.Spent():
		return refusalSpent
	case r.Several() && r.Reason() == token.TokenMalformed:
		return refusalTwoTokens
	}
	if refused, ok := refusals[r.Reason()]; ok {
		return refused
	}
	return refusalFault
}

// refusalOfClaims returns the refusal of a token that is not what the route requires. A token for another resource is as
// bad as one of another issuer: the client needs another, and more scopes would not help (RFC 8707 §2).
func (p *policy) refusalOfClaims(reason token.Reason) *refusal {
	if reason == token.AudienceMismatch && p.resource.Metadata != nil {
		return refusalResource
	}
	if refused, ok := refusalsOfClaims[reason]; ok {
		return refused
	}
	return refusalFault
}
