package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// lookAtReach notes entries and users whom no token reaches.
func lookAtReach(in *Input, entries []*entry, r *reporter) {
	for _, e := range entries {
		if len(e.users.List) == 0 && e.users.Any == nil {
			r.add(idNoUsers, e.at("users"), "has no user who is in force")
		}
		e.lookAtPath(r)
		e.lookAtContradictions(r)
		for i, user := range e.listed {
			if user != nil && !user.IsAny() {
				e.lookAtUser(i, user, in, r)
			}
		}
	}
}

// scalars are the registered claims that have no members, and how they are written (RFC 7519 §4.1).
var scalars = map[string]string{"iss": "a text", "sub": "a text", "jti": "a text", "exp": "a time", "nbf": "a time", "iat": "a time"}

// prefixes are parts of a token that other products' paths begin with, and the paths of this one do not.
var prefixes = []string{"payload", "claims", "jwt", "token", "body", "header"}

// lookAtPath looks at a path that leads down through members.
func (e *entry) lookAtPath(r *reporter) {
	if e.rule.Path.IsZero() {
		return
	}
	names, ok := e.rule.Path.Members()
	if !ok {
		if strings.TrimSpace(e.rule.Path.String()) == "$" {
			r.add(idPathNever, e.at("config.path"), "names the whole payload, which is an object")
		}
		return
	}
	kind, registered := scalars[names[0]]
	switch {
	case registered && len(names) > 1:
		r.add(idPathNever, e.at("config.path"), fmt.Sprintf("goes into %s, which is %s and has no members", names[0], kind))
	case kind == "a time":
		r.add(idPathNever, e.at("config.path"), fmt.Sprintf("names %s, which is a time", names[0]))
	case len(names) > 1 && slices.Contains(prefixes, strings.ToLower(names[0])):
		r.add(idPathForeign, e.at("config.path"), fmt.Sprintf("begins with %s, which is looked for as a claim in the payload", names[0]))
	}
}

// lookAtContradictions looks for demands on "iss" that differ.
func (e *entry) lookAtContradictions(r *reporter) {
	if e.config.Iss == "" {
		return
	}
	for _, claim := range e.rule.Expected.Claims {
		if name, _ := claim.Path.Member(); name == "iss" && !allows(claim, e.config.Iss) {
			r.add(idContradiction, e.at("config.required_claims"), "does not allow the iss that config.iss demands")
		}
	}
}

// allows reports whether a demand on a claim can be met by this text.
func allows(claim token.ExpectedClaim, text string) bool {
	return len(claim.Values) == 0 || slices.ContainsFunc(claim.Values, token.TextValue(text).Overlaps)
}

// lookAtUser looks at the i-th user.
func (e *entry) lookAtUser(i int, user *rule.User, in *Input, r *reporter) {
	name, at := user.Username(), e.at(fmt.Sprintf("users[%d].pattern.username", i))
	switch {
	case name == "": // the driver warns of it
	case e.rule.Path.IsZero() && name != e.rule.User && e.users.Any == nil:
		r.add(idUserNever, at, "is not config.iss, which names the user as there is no config.path")
	case e.rule.Path.IsZero():
	case !e.canName(name):
		r.add(idUserNever, at, fmt.Sprintf("is not among the values that the rule demands at %s", e.rule.Path))
	case strings.TrimSpace(name) != name, strings.ContainsFunc(name, invisible):
		r.add(idUserBlank, at, "has blanks at an end, or characters that cannot be seen")
	}
	if user.Expire > 0 && user.Expire <= in.Now.Unix() {
		r.add(idUserExpired, e.at(fmt.Sprintf("users[%d].expire", i)), "is over")
	}
}

// canName reports whether the demands on the claim that names the user can be met with this name.
func (e *entry) canName(name string) bool {
	for _, claim := range e.rule.Expected.Claims {
		if claim.Path.String() == e.rule.Path.String() && !allows(claim, name) {
			return false
		}
	}
	names, ok := e.rule.Path.Members()
	return !ok || len(names) != 1 || names[0] != "iss" || e.config.Iss == "" || name == e.config.Iss
}

// invisible reports whether a character is not seen where a name is written.
func invisible(c rune) bool { return !unicode.IsPrint(c) }
