package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// nearMiss tells which rule nearly accepts the token, and what it lacks.
func (x *explanation) nearMiss() {
	switch {
	case x.trace.Reason == token.Accepted:
	case len(x.accounts) == 0:
		x.report.NearMiss = x.nearPlace()
	default:
		x.nearest, x.report.NearMiss = x.nearRule()
	}
}

// maxNear is how many rules are looked at for what differs, and how many keys are tried for it.
const (
	maxNear     = 1000
	maxNearKeys = 64
)

// nearRule tells of the rule whose key has made a token without a good signature, else of the one that came furthest and differs
// by a slip, else of the one that came furthest. A rule for any iss says little of whose a token is: where no other came so far,
// a slip in the iss of one that came less far counts.
func (x *explanation) nearRule() (*account, string) {
	best := x.accounts[0]
	if !best.reason.Further(token.SignatureInvalid) {
		if c, text := x.wrongIssuer(); c != nil {
			return c, text
		}
	}
	keysLeft, named := maxNearKeys, false
	for _, c := range x.accounts[:min(len(x.accounts), maxNear)] {
		if best.further(c) && named {
			break
		}
		named = named || c.rule.Rule.Issuer != "" && c.reason.Further(token.IssuerMismatch)
		if but := c.but(x.trace.Now, &keysLeft); but != "" {
			return c, c.name() + ", but for " + but
		}
	}
	i := slices.IndexFunc(best.steps, func(s Step) bool { return !s.OK })
	if i < 0 {
		return nil, ""
	}
	return best, best.name() + " came furthest: " + best.steps[i].Detail
}

// but says what the rule lacks, if it is a slip.
func (c *account) but(now time.Time, keysLeft *int) string {
	i := slices.IndexFunc(c.steps, func(s Step) bool { return !s.OK })
	if i < 0 {
		return ""
	}
	l := c.walked.Parsed.Lookup()
	switch c.reason {
	case token.IssuerMismatch:
		return slip(differ(l.Issuer, c.rule.Rule.Issuer), "iss")
	case token.KeyUnknown:
		return c.otherKey(keysLeft)
	case token.SignatureInvalid:
		return c.otherSecret(keysLeft)
	case token.TokenExpired, token.TokenNotYetValid:
		return c.clocks(now)
	case token.AudienceMismatch:
		return c.audience()
	case token.ClaimMismatch:
		return slip(differ(unquoted(c.steps[i].Found), unquoted(c.steps[i].Wanted)), "the claim")
	case token.UserMissing:
		return c.path()
	case token.UserUnknown:
		return c.user(now)
	}
	return ""
}

// slip tells of a slip in a value.
func slip(how, where string) string {
	if how == "" {
		return ""
	}
	return how + " in " + where
}

// unquoted is a text that is shown in quotes.
func unquoted(text string) string { return gjson.Parse(text).String() }

// wrongIssuer tells of a rule whose key has made the token, though its issuer is another.
func (x *explanation) wrongIssuer() (*account, string) {
	left := maxNearKeys
	for _, c := range x.accounts {
		g := c.group()
		if c.reason != token.IssuerMismatch || g == nil {
			continue
		}
		for _, key := range g.Keys().Keys() {
			if left--; left < 0 {
				return nil, ""
			}
			if !makes(c.walked, key) {
				continue
			}
			if how := differ(c.walked.Parsed.UntrustedIssuer(), c.rule.Rule.Issuer); how != "" {
				return c, c.name() + ", but for " + how + " in iss: its key has made the token"
			}
			return c, c.name() + ", but for iss: its key has made the token"
		}
	}
	return nil, ""
}

// makes reports whether the key has made the token.
func makes(w *authn.Walked, key *keys.Key) bool {
	u, err := token.Parse(w.Raw)
	if err != nil {
		return false
	}
	defer u.Discard()
	_, err = u.VerifyWith(key)
	return err == nil
}

// otherKey tells of a key of the rule that has made the token under another ID.
func (c *account) otherKey(left *int) string {
	for _, key := range c.set.Keys() {
		if *left--; *left < 0 {
			return ""
		}
		if makes(c.walked, key) {
			return fmt.Sprintf("kid: the key with kid %q has made the token", key.ID())
		}
	}
	l := c.walked.Parsed.Lookup()
	ids := make([]string, 0, c.set.Len())
	for _, key := range c.set.Keys() {
		ids = append(ids, key.ID())
	}
	return slip(nearest(l.KeyID, ids), "kid")
}

// otherSecret tells of another reading of the rule's secret that has made the token.
func (c *account) otherSecret(left *int) string {
	for _, key := range c.set.Keys() {
		if key.Kind() != keys.KindSecret {
			continue
		}
		if *left -= 6; *left < 0 {
			return ""
		}
		made := func(other *keys.Key) bool { return makes(c.walked, other) }
		asBase64, asText := key.Reread()
		switch trimmed := key.Trimmed(); {
		case slices.ContainsFunc(asBase64, made):
			return "config.signature_is_base_64: with the secret read as base64 the signature is good"
		case slices.ContainsFunc(asText, made):
			return "config.signature_is_base_64: with the secret read as text the signature is good"
		case trimmed != nil && made(trimmed):
			return "the white space round config.secret: without it the signature is good"
		}
	}
	return ""
}

// nearTime is how far a token may be off its time and clocks be the cause: as much as the largest leeway.
const nearTime = 5 * time.Minute

// clocks tells of a token that clocks that differ a little make too early or too late.
func (c *account) clocks(now time.Time) string {
	v := c.walked.Verified
	leeway := c.rule.Rule.Expected.Leeway
	var off time.Duration
	switch {
	case c.reason == token.TokenExpired: // at its end it has ended
		off = now.Sub(v.Expires().Time()) + 1
	case v.NotBefore().IsSet() && v.NotBefore().Time().Sub(now) > leeway:
		off = v.NotBefore().Time().Sub(now)
	default:
		off = v.IssuedAt().Time().Sub(now)
	}
	off = (off + time.Second - 1).Truncate(time.Second)
	if off <= 0 || off > nearTime {
		return ""
	}
	return fmt.Sprintf("%s: config.leeway of %d would let it in, or the clocks differ", off, int(off/time.Second))
}

// audience tells of an audience that differs by a slip.
func (c *account) audience() string {
	value, _ := c.walked.Verified.Find(claimPaths["aud"])
	if !value.Exists() {
		return "aud, which is missing"
	}
	for _, one := range value.Array() {
		if how := nearest(one.Str, c.rule.Rule.Expected.Audience); how != "" {
			return slip(how, "aud")
		}
	}
	return "aud, which lacks " + quoted(c.rule.Rule.Expected.Audience...)
}

// path tells of a member of the payload whose name is nearly that of the rule's path.
func (c *account) path() string {
	source := strings.TrimPrefix(c.rule.Rule.Path.String(), "$.")
	var near string
	gjson.Parse(c.walked.Verified.Payload()).ForEach(func(name, _ gjson.Result) bool {
		if how := differ(name.Str, source); how != "" {
			near = fmt.Sprintf("%s in config.path: the token has %s", how, quoted(name.Str))
		}
		return near == ""
	})
	return near
}

// maxNearUsers is how many users are compared with the token's.
const maxNearUsers = 10_000

// user tells of a user of the rule whose name is nearly the token's.
func (c *account) user(now time.Time) string {
	name, err := c.rule.Rule.Judge(c.walked.Verified, now, c.rule.AnyUser() != nil)
	if err != nil {
		return ""
	}
	near, n := "", 0
	c.rule.EachUser(func(listed string) bool {
		if how := differ(name, listed); how != "" {
			near = fmt.Sprintf("%s in the user's name: the rule has %s", how, quoted(listed))
		}
		n++
		return near != "" || n == maxNearUsers
	})
	return near
}
