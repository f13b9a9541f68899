package diff

import (
	"strings"

	"apinto-jwt/token"
)

// panics end the process of whoever asks.
var panics = []Fault{
	{
		Name: "converts `typ`, `alg` or `iss` to a string without asking, before any signature is looked at", Who: []string{builtin}, Outcome: Panics,
		Section: "RFC 7519 §7.2, CWE-248",
		explains: func(q *Question) bool {
			return q.header.notText("typ") || q.header.notText("alg") || q.payload.notText("iss") || !q.payload.has("iss") && q.header.notText("iss")
		},
	},
}

// wrongAccepts let something through that must be refused.
var wrongAccepts = []Fault{
	{
		Name: "takes any `iss`, whatever is configured", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 8725 §3.8",
		explains: func(q *Question) bool {
			return we(token.IssuerMismatch, "payload.iss", "is not")(q) && q.payload.members["iss"] != ""
		},
	},
	{
		Name: "takes `iss` from the header, where the payload has none", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 7519 §4.1.1",
		explains: func(q *Question) bool {
			return we(token.IssuerMismatch, "payload.iss", "is missing")(q) && q.header.has("iss")
		},
	},
	{
		Name: "looks at `exp` only where `claims_to_verify` lists it", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 7519 §4.1.4",
		explains: unlisted(token.TokenExpired, "exp", ""),
	},
	{
		Name: "looks at `nbf` only where `claims_to_verify` lists it", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 7519 §4.1.5",
		explains: unlisted(token.TokenNotYetValid, "nbf", ""),
	},
	{
		Name: "takes an `exp`, `nbf` or `iat` that is no number, where it is not listed", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 7519 §4.1.4 to §4.1.6",
		explains: oneOf(unlisted(token.TokenMalformed, "exp", "must be"), unlisted(token.TokenMalformed, "nbf", "must be"), we(token.TokenMalformed, "payload.iat", "must be")),
	},
	{
		Name: "takes `null` for a claim that is not there", Who: []string{goJose}, Outcome: Accepts, Section: "RFC 7519 §4.1.2 to §4.1.7",
		explains: func(q *Question) bool {
			if q.Ours == nil || q.Ours.Reason != token.TokenMalformed || !strings.HasPrefix(q.Ours.Detail, "must be") {
				return false
			}
			where, name, _ := strings.Cut(q.Ours.Part, ".")
			members := map[string]part{"header": q.header, "payload": q.payload}[where]
			return members.has(name) && members.is(name, nil)
		},
	},
	{
		Name: "takes `exp: 0` for no `exp`", Who: []string{golang}, Outcome: Accepts, Section: "RFC 7519 §4.1.4",
		explains: func(q *Question) bool {
			return we(token.TokenExpired, "payload.exp", "")(q) && q.payload.is("exp", 0.0)
		},
	},
	{
		Name: "accepts the token in the second in which it ends", Who: []string{goJose}, Outcome: Accepts, Section: "RFC 7519 §4.1.4: “on or after”",
		explains: func(q *Question) bool { return q.Edge && we(token.TokenExpired, "payload.exp", "")(q) },
	},
	{
		Name: "cuts the fraction of a time off, or rounds it", Who: libraries, Outcome: Accepts, Section: "RFC 7519 §2 (NumericDate)",
		explains: func(q *Question) bool { return q.Edge && q.Ours != nil && q.Ours.Reason == token.TokenNotYetValid },
	},
	{
		Name: "ignores `crit`, or takes it in a form that it must not have", Who: all, Outcome: Accepts, Section: "RFC 7515 §4.1.11",
		explains: oneOf(we(token.CriticalUnknown, "header.crit", ""), we(token.TokenMalformed, "header.crit", "")),
	},
	{
		Name: "takes the last of two members of one name", Who: []string{builtin, golang}, Outcome: Accepts, Section: "RFC 7515 §4, RFC 7519 §4 let a reader refuse them or take the last",
		Choice: true, explains: oneOf(we(token.TokenMalformed, "header", "has a member twice"), we(token.TokenMalformed, "payload", "has a member twice")),
	},
	{
		Name: "puts U+FFFD for bytes that are not UTF-8: `al\\xffice` becomes another name", Who: all, Outcome: Accepts, Section: "RFC 7515 §5.2, RFC 7519 §7.2",
		explains: oneOf(we(token.TokenMalformed, "header", "is not valid UTF-8"), we(token.TokenMalformed, "payload", "is not valid UTF-8")),
	},
	{
		Name: "puts U+FFFD for half a surrogate pair", Who: all, Outcome: Accepts, Section: "RFC 8259 §8.2, RFC 7493 §2.1",
		explains: oneOf(we(token.TokenMalformed, "header", "has half"), we(token.TokenMalformed, "payload", "has half")),
	},
	{
		Name: "takes other spellings of base64url: line breaks, padding, the other alphabet, stray bits", Who: all, Outcome: Accepts, Section: "RFC 7515 §2, RFC 4648 §3",
		explains: oneOf(we(token.TokenMalformed, "header", "is not base64url"), we(token.TokenMalformed, "payload", "is not base64url"), we(token.TokenMalformed, "signature", "is not base64url")),
	},
	{
		Name: "takes a PSS salt of any length", Who: libraries, Outcome: Accepts, Section: "RFC 7518 §3.5",
		explains: func(q *Question) bool {
			return we(token.SignatureInvalid, "signature", "")(q) && q.settings.fields.Algorithm[:2] == "PS" && strings.Contains(q.Name, "salt")
		},
	},
	{
		Name: "takes `kid` that is no string", Who: []string{builtin, golang}, Outcome: Accepts, Section: "RFC 7515 §4.1.4", explains: we(token.TokenMalformed, "header.kid", ""),
	},
	{
		Name: "takes `typ` that is no string", Who: libraries, Outcome: Accepts, Section: "RFC 7515 §4.1.9", explains: we(token.TokenMalformed, "header.typ", ""),
	},
	{
		Name: "takes `iss` that is no string, where none is configured", Who: []string{golang}, Outcome: Accepts, Section: "RFC 7519 §4.1.1",
		explains: we(token.TokenMalformed, "payload.iss", ""),
	},
	{
		Name: "takes `aud` that is neither a string nor a list of strings", Who: []string{builtin, golang}, Outcome: Accepts, Section: "RFC 7519 §4.1.3", explains: we(token.TokenMalformed, "payload.aud", ""),
	},
	{
		Name: "takes `sub` or `jti` that is no string", Who: []string{builtin, golang}, Outcome: Accepts, Section: "RFC 7519 §4.1.2, §4.1.7",
		explains: oneOf(we(token.TokenMalformed, "payload.sub", ""), we(token.TokenMalformed, "payload.jti", "")),
	},
	{
		Name: "ignores `b64`, which must not be used in a JWT", Who: all, Outcome: Accepts, Section: "RFC 7797 §7", explains: we(token.TokenMalformed, "header.b64", ""),
	},
	{
		Name: "takes one of two different tokens in one place", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 6750 §3.1, RFC 9110 §5.3",
		explains: func(q *Question) bool {
			return q.Request != "" && q.Ours != nil && q.Ours.Reason == token.TokenMalformed
		},
	},
	{
		Name: "ignores `zip`", Who: all, Outcome: Accepts, Section: "RFC 7516 §4.1.3 defines it for encryption alone", Choice: true, explains: we(token.TokenMalformed, "header.zip", ""),
	},
	{
		Name: "takes `typ` of what is no JWT (`JOSE`, `JWE`, …)", Who: libraries, Outcome: Accepts, Section: "RFC 8725 §3.11 recommends to compare it", Choice: true,
		explains: we(token.TypeNotAllowed, "header.typ", "is neither"),
	},
	{
		Name: "takes an `iat` in the future", Who: []string{builtin}, Outcome: Accepts, Section: "RFC 7519 §4.1.6 says nothing of it", Choice: true, explains: we(token.TokenNotYetValid, "payload.iat", ""),
	},
	{
		Name: "takes a time beyond ±2^53, of which it is unspecified what comes of it", Who: all, Outcome: Accepts, Section: "RFC 7493 §2.2", Choice: true,
		explains: oneOf(we(token.TokenMalformed, "payload.exp", "is out of range"), we(token.TokenMalformed, "payload.nbf", "is out of range"), we(token.TokenMalformed, "payload.iat", "is out of range")),
	},
	{
		Name: "has no limit of nesting below 10,000", Who: all, Outcome: Accepts, Section: "RFC 8259 §9 allows limits", Choice: true,
		explains: oneOf(we(token.TokenMalformed, "header", "is nested"), we(token.TokenMalformed, "payload", "is nested")),
	},
	{
		Name: "has no limit of size", Who: all, Outcome: Accepts, Section: "no RFC says anything of it", Choice: true, explains: we(token.TokenTooLarge, "", ""),
	},
}
