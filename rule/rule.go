package rule

import (
	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// Rule is a Config that has been compiled: immutable, and nothing in it is parsed again on a request.
type Rule struct {
	ID        string         // Equal for entries with the same configuration; tells nothing of it.
	Order     string         // Decides which of several rules that accept a token is taken.
	Locations []Location     // Where tokens stand, in the order in which they are looked at.
	Keys      *KeySource     // Keys that may have signed a token.
	Issuer    string         // Issuer of the tokens; empty: any or none.
	Expected  token.Expected // What must hold of the claims.
	Path      token.Path     // Where the user's name stands; zero: User is the name.
	User      string         // The user's name if there is no path.
	Subject   token.Path     // Where the name of a user stands whom AnyUser stands for; zero: User is the name.
	Labels    []ClaimLabel   // Claims that become labels of the request.
	Warnings  []string       // Doubts about the rule, each with its field.
	// Aside lists the faults for which the entry is set aside: the rule accepts nothing. Empty: it is in force.
	Aside []string
	Entry string // Name of the entry, for the log and the status page.
	Issue *Issue // How tokens are issued; nil if the gateway issues none under the rule.

	// objections refuse a rule when it is saved. Those of a stored rule are warnings.
	objections configjson.FieldErrors
}

// InForce reports whether the rule can accept tokens.
func (r *Rule) InForce() bool { return len(r.Aside) == 0 }

// WritesLabels reports whether an accepted token leaves labels: its key ID, or claims.
func (r *Rule) WritesLabels() bool { return r.Keys.HasIDs || len(r.Labels) > 0 }
