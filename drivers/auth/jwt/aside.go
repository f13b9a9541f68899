package jwt

import (
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
)

// setAside is the rule that stands for a stored entry which cannot be used. It looks at no place and has no keys, so no
// request meets it. The host counts it among its authenticators: without one it would let every request through.
func (c compiler) setAside(tokenName, position string, cfg *Rule, err error) *rule {
	r := &rule{source: staticSource(keys.NewSet()), aside: configjson.Faults(err), entry: entryName(tokenName, position, cfg)}
	r.id, r.order = c.identify(tokenName, position, cfg, r.aside...)
	return r
}

// inForce reports whether the rule can accept tokens.
func (r *rule) inForce() bool { return len(r.aside) == 0 }

// entryName tells an entry from the others of its application: by its place, its algorithm and its issuer.
func entryName(tokenName, position string, cfg *Rule) string {
	if position == "" {
		position = authorization.position
	}
	name := strings.Join(strings.Fields(position+" "+tokenName), " ")
	if cfg.Algorithm != "" {
		name += ", " + cfg.Algorithm
	}
	if cfg.Iss != "" {
		name += ", iss " + cfg.Iss
	}
	return printable.Text(name)
}
