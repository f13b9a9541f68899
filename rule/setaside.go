package rule

import (
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
)

// SetAside returns the rule that stands for a stored entry which cannot be used. It looks at no location and has no keys, so no
// request meets it. The host counts it among its authenticators: without one it would let every request through.
func (c Compiler) SetAside(tokenName, position string, cfg *Config, err error) *Rule {
	r := &Rule{Keys: StaticKeys(keys.NewSet()), Aside: configjson.Faults(err), Entry: entryName(tokenName, position, cfg)}
	r.ID, r.Order = c.Identify(tokenName, position, cfg, r.Aside...)
	return r
}

// entryName returns a name that no other entry of the application has: location, algorithm and issuer.
func entryName(tokenName, position string, cfg *Config) string {
	if position == "" {
		position = PositionHeader
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
