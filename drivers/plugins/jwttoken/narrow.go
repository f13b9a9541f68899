package jwttoken

import (
	"errors"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// maxResources is how many resources one request may name: each is searched for among those of the rule.
const maxResources = 32

// asked returns what the form asks of a token; the second result is the answer if that is too much.
func asked(f form) (rule.Asked, *answer) {
	if len(f[paramResource]) > maxResources {
		a := bad("invalid_target", "too many resources are asked for at once")
		return rule.Asked{}, &a
	}
	return rule.Asked{Resources: f[paramResource], Scope: f.get("scope")}, nil
}

// grantedAtLogin returns what a login is granted of what the form asks for; the second result is the answer if that is refused.
func grantedAtLogin(account *driver.Account, f form) (rule.Grant, *answer) {
	what, refused := asked(f)
	if refused != nil {
		return rule.Grant{}, refused
	}
	g, err := account.Grant(what)
	return g, narrowRefused(err)
}

// grantedAtRefresh is grantedAtLogin within what the login was granted.
func grantedAtRefresh(account *driver.Account, r refresh, f form) (rule.Grant, *answer) {
	what, refused := asked(f)
	if refused != nil {
		return rule.Grant{}, refused
	}
	g, err := account.GrantWithin(r.granted(), what)
	return g, narrowRefused(err)
}

// narrowRefused returns the answer to a request for what may not be asked for (RFC 6749 §5.2, RFC 8707 §2); nil without an
// error.
func narrowRefused(err error) *answer {
	var a answer
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rule.ErrTarget):
		a = bad("invalid_target", "the resource cannot be asked for")
	default:
		a = bad("invalid_scope", "the scope cannot be asked for")
	}
	return &a
}

// refusedNarrow returns the answer if the rule does not accept a token because less was asked for than it demands of its
// tokens; nil if it is not that.
func refusedNarrow(g rule.Grant, err error) *answer {
	switch token.ReasonOf(err) {
	case token.ClaimMismatch, token.ClaimMissing:
		if g.Scope != "" {
			return narrowRefused(rule.ErrScope)
		}
		fallthrough
	case token.AudienceMismatch, token.TokenTooLarge:
		if len(g.Resources) > 0 {
			return narrowRefused(rule.ErrTarget)
		}
	}
	return nil
}
