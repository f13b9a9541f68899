package jwt

import (
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// The claims that grant scopes: RFC 8693 §4.2 and RFC 9068 §2.2.3 have "scope", others "scp".
var scopeClaims = [...]token.Path{memberPath("scope"), memberPath("scp")}

// memberPath returns the path of a member of the payload.
func memberPath(name string) token.Path {
	path, err := token.ParsePath(name)
	if err != nil {
		panic(err) // a name of ours
	}
	return path
}

// granted returns Accepted if a token grants all scopes, ClaimMissing if it grants none, else ClaimMismatch. Of two
// claims that grant scopes the first that is there counts.
func (p *policy) granted(v *token.Verified) token.Reason {
	if len(p.scopes) == 0 {
		return token.Accepted
	}
	for _, path := range scopeClaims {
		granted, ok := v.Find(path)
		if !ok {
			continue
		}
		for _, scope := range p.scopes {
			if !grants(granted, scope) {
				return token.ClaimMismatch
			}
		}
		return token.Accepted
	}
	return token.ClaimMissing
}

// grants reports whether a scope is in a claim: a string of scopes separated by blanks, or a list of strings.
func grants(claim gjson.Result, scope string) bool {
	if claim.Type == gjson.String {
		for one := range strings.SplitSeq(claim.Str, " ") {
			if one == scope {
				return true
			}
		}
		return false
	}
	found := false
	if claim.IsArray() {
		claim.ForEach(func(_, item gjson.Result) bool {
			found = item.Type == gjson.String && item.Str == scope
			return !found
		})
	}
	return found
}
