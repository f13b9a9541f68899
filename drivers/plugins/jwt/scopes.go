package jwt

import (
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// requiredScope is a scope that a token must grant.
type requiredScope []string // The scope and those that imply it.

// compileScopes reads the scopes that are required, and what grants each.
func compileScopes(config *Config, f *configjson.FieldErrors) []requiredScope {
	checkScopes("scopes", config.Scopes, f)
	for _, scope := range slices.Sorted(maps.Keys(config.ScopeImplies)) {
		if !token.IsScope(scope) {
			f.Add(member("scope_implies", scope), notScope, scope)
		}
		checkScopes(member("scope_implies", scope), config.ScopeImplies[scope], f)
	}
	list := make([]requiredScope, 0, len(config.Scopes))
	for _, scope := range config.Scopes {
		list = append(list, requireScope(scope, config.ScopeImplies))
	}
	return list
}

// notScope is the fault of a text that is no scope.
const notScope = "%q is not a scope: printable ASCII without blanks, quotes and backslashes"

// checkScopes notes what is no scope.
func checkScopes(field string, list []string, f *configjson.FieldErrors) {
	for i, scope := range list {
		if !token.IsScope(scope) {
			f.Add(item(field, i), notScope, scope)
		}
	}
}

// requireScope returns the scope with all that imply it, directly or by others.
func requireScope(scope string, implies map[string][]string) requiredScope {
	enough := requiredScope{scope}
	for i := 0; i < len(enough); i++ {
		for _, broader := range slices.Sorted(maps.Keys(implies)) {
			if slices.Contains(implies[broader], enough[i]) && !slices.Contains(enough, broader) {
				enough = append(enough, broader)
			}
		}
	}
	return enough
}

// The claims that grant scopes: RFC 8693 §4.2 and RFC 9068 §2.2.3 have "scope", others "scp".
var scopeClaims = [...]token.Path{token.MustPath("scope"), token.MustPath("scp")}

// granted returns Accepted if a token grants all scopes, ClaimMissing if it grants none, else ClaimMismatch.
func granted(scopes []requiredScope, v *token.Verified) token.Reason {
	if len(scopes) == 0 {
		return token.Accepted
	}
	claim, there := scopeClaim(v)
	return grantedBy(claim, there, scopes)
}

// scopeClaim returns the claim that grants scopes. Of two the first that is there counts.
func scopeClaim(v *token.Verified) (claim gjson.Result, there bool) {
	for _, path := range scopeClaims {
		if claim, there = v.Find(path); there {
			return claim, true
		}
	}
	return claim, false
}

// grantedBy is granted of a claim, if it is there.
func grantedBy(claim gjson.Result, there bool, scopes []requiredScope) token.Reason {
	switch {
	case len(scopes) == 0:
		return token.Accepted
	case !there:
		return token.ClaimMissing
	}
	for _, required := range scopes {
		if !required.in(claim) {
			return token.ClaimMismatch
		}
	}
	return token.Accepted
}

// in reports whether a claim grants the scope: a string of scopes separated by blanks, or a list of strings.
func (s requiredScope) in(claim gjson.Result) bool {
	if claim.Type == gjson.String {
		for one := range strings.SplitSeq(claim.Str, " ") {
			if slices.Contains(s, one) {
				return true
			}
		}
		return false
	}
	found := false
	if claim.IsArray() {
		claim.ForEach(func(_, item gjson.Result) bool {
			found = item.Type == gjson.String && slices.Contains(s, item.Str)
			return !found
		})
	}
	return found
}
