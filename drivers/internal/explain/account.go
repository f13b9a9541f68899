package explain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// account is how far one rule came with the token.
type account struct {
	rule   *registry.InForce
	walked *authn.Walked
	set    *keys.Set // The rule's keys as they are now.
	reason token.Reason
	steps  []Step
}

// newAccount follows the token through the rule. What the walk has found out is taken from it.
func newAccount(x *explanation, f *registry.InForce, w *authn.Walked) *account {
	c := &account{rule: f, walked: w}
	if c.selected() && c.signed() {
		c.judged(x)
	}
	return c
}

// further reports whether the rule came further than the other.
func (c *account) further(other *account) bool {
	if c.reason == token.Accepted || other.reason == token.Accepted {
		return c.reason == token.Accepted && other.reason != token.Accepted
	}
	return c.reason.Further(other.reason)
}

// pass tells of a step that was passed.
func (c *account) pass(step, detail, found, wanted string) bool {
	c.steps = append(c.steps, c.of(Step{Step: step, OK: true, Detail: detail, Found: found, Wanted: wanted}))
	return true
}

// fail tells of a step that refuses. The first one's reason is the rule's.
func (c *account) fail(reason token.Reason, detail, found, wanted string) bool {
	if c.reason == token.Accepted {
		c.reason = reason
	}
	c.steps = append(c.steps, c.of(Step{Step: stepOf[reason], Reason: reason.String(), Detail: detail, Found: found, Wanted: wanted}))
	return false
}

// of names the rule in a step.
func (c *account) of(s Step) Step {
	s.Rule, s.Application = c.rule.Rule.Entry, strings.Join(c.rule.Applications, ", ")
	return s
}

// name names the rule for people.
func (c *account) name() string {
	return fmt.Sprintf("the rule (%s) of application %s", c.rule.Rule.Entry, strings.Join(c.rule.Applications, ", "))
}

// selected asks what a rule is found by: algorithm and issuer.
func (c *account) selected() bool {
	l, allowed, issuer := c.walked.Parsed.Lookup(), c.rule.Rule.Keys.Algorithms, c.rule.Rule.Issuer
	found := printable.Text(string(l.Algorithm))
	if !allowed.Has(l.Algorithm) {
		return c.fail(token.AlgorithmNotAllowed, "alg is not that of the rule", found, allowed.String())
	}
	c.pass(stepAlgorithm, "alg is that of the rule", found, allowed.String())
	found = ""
	if l.Issuer != "" {
		found = quoted(l.Issuer)
	}
	switch {
	case issuer == "":
		return c.pass(stepIssuer, "the rule takes any iss", found, "")
	case issuer == l.Issuer:
		return c.pass(stepIssuer, "iss is that of the rule", found, quoted(issuer))
	case found == "":
		return c.fail(token.IssuerMismatch, "iss is missing", found, quoted(issuer))
	}
	return c.fail(token.IssuerMismatch, "iss is not that of the rule", found, quoted(issuer))
}

// group is where the rule's keys are at the token's place; nil if the rule has ended.
func (c *account) group() *registry.KeyGroup {
	for _, g := range c.rule.Groups {
		if g.Location() == c.walked.Location {
			return g
		}
	}
	return nil
}

// signed asks for the key.
func (c *account) signed() bool {
	g := c.group()
	if g == nil {
		return c.fail(token.IssuerMismatch, "the rule has ended", "", "")
	}
	c.set = g.Keys()
	l, kid := c.walked.Parsed.Lookup(), "no kid"
	if l.HasKeyID {
		kid = "kid " + quoted(l.KeyID)
	}
	again := ""
	if slices.Contains(c.walked.Unasked, g) {
		again = "; a request would have the key set fetched once more before it is refused"
	}
	list, err := c.walked.Parsed.Candidates(c.set)
	if err != nil {
		return c.fail(token.ReasonOf(err), detailOf(err)+" ("+sourceOf(c, g)+")"+again, kid, keyIDs(c.set))
	}
	fit := "one key fits: "
	if len(list) > 1 {
		fit = fmt.Sprintf("%d keys fit: ", len(list))
	}
	c.pass(stepKey, fit+sourceOf(c, g), kid, "")
	if v := c.walked.Verified; v != nil {
		for _, key := range list {
			if key.Thumbprint() == v.Key().Thumbprint() {
				return c.pass(stepSignature, "made with "+keyName(c, key), "", "")
			}
		}
		return c.fail(token.SignatureInvalid, "made with another rule's key"+again, "", "")
	}
	if !slices.ContainsFunc(list, func(key *keys.Key) bool { return c.walked.Failed(key.Thumbprint()) }) {
		return c.fail(token.SignatureInvalid, "no key was tried: a request tries only so many, and those of other rules came before", "", "")
	}
	return c.fail(token.SignatureInvalid, "not made with "+keyName(c, list[0])+others(len(list)-1)+again, "", "")
}

// others tells of so many keys more.
func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", nor with %d others", n)
}

// sourceOf says where the rule's keys come from.
func sourceOf(c *account, g *registry.KeyGroup) string {
	if s := g.Fetched(); s != nil {
		state := s.Status()
		text := "key set " + state.URL
		switch {
		case state.LastSuccess.IsZero():
			text += ", never fetched"
		default:
			text += ", fetched " + clock(state.LastSuccess)
		}
		if state.LastError != "" {
			text += ", last error: " + state.LastError
		}
		return text
	}
	switch {
	case c.rule.Rule.Keys.HasIDs:
		return "config.jwks"
	case c.set.Len() > 0 && c.set.Keys()[0].Kind() == keys.KindSecret:
		return "config.secret"
	}
	return "config.rsa_public_key"
}

// keyName names a key for people, never its material.
func keyName(c *account, key *keys.Key) string {
	switch {
	case key.Kind() == keys.KindSecret && key.ID() == "":
		return fmt.Sprintf("the secret of %d bits", key.SecretBits())
	case key.ID() != "":
		return "the key with kid " + quoted(key.ID())
	case c.set.Len() == 1:
		return "the one key, " + key.String()
	}
	return fmt.Sprintf("key %d of %d, %s", slices.Index(c.set.Keys(), key)+1, c.set.Len(), key)
}

// keyIDs are those of a set.
func keyIDs(set *keys.Set) string {
	ids := make([]string, 0, set.Len())
	for _, key := range set.Keys() {
		if key.ID() != "" && !slices.Contains(ids, key.ID()) {
			ids = append(ids, key.ID())
		}
	}
	return quoted(ids...)
}

// detailOf returns the text of an error without its reason.
func detailOf(err error) string {
	var e *token.Error
	if !errors.As(err, &e) {
		return "a fault of ours"
	}
	return strings.TrimPrefix(e.Part+" "+e.Detail, " ")
}

// judged asks what a request asks of a verified token: claims, revocation, user, application.
func (c *account) judged(x *explanation) {
	v, now := c.walked.Verified, x.trace.Now
	i := slices.IndexFunc(c.walked.Rules, func(j authn.Judged) bool { return j.Binding == c.rule.Binding })
	if i < 0 {
		c.fail(token.UserUnknown, "it was not asked, as it does not have the token's user", "", "")
		return
	}
	c.demands(v, now)
	if c.reason == token.Accepted {
		c.standing(x, &c.walked.Rules[i])
	}
}

// demands asks for each claim.
func (c *account) demands(v *token.Verified, now time.Time) {
	for _, d := range demandsOf(&c.rule.Rule.Expected, now) {
		found := d.found(v, now)
		err := d.expected.Check(v, now)
		switch {
		case err != nil:
			c.fail(token.ReasonOf(err), detailOf(err), found, d.wanted)
		case found == "":
			c.pass(d.step, d.claim+" is not there, and need not be", "", d.wanted)
		default:
			c.pass(d.step, d.claim+" holds", found, d.wanted)
		}
	}
}
