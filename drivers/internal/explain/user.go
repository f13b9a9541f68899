package explain

import (
	"fmt"
	"time"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// standing tells what the walk has found out of a token whose claims hold: whether it was ended, whom it names, and whether that
// user may come in.
func (c *account) standing(x *explanation, j *authn.Judged) {
	v, now := c.walked.Verified, x.trace.Now
	anyUser := c.rule.AnyUser()
	name, err := c.rule.Rule.Judge(v, now, anyUser != nil)
	if j.Reason == token.TokenRevoked {
		c.fail(token.TokenRevoked, x.ended(v, c, name), "", "")
		return
	}
	c.pass(stepRevocation, "it was not ended before its time", "", "")
	switch j.Reason {
	case token.UserMissing:
		c.fail(token.UserMissing, detailOf(err), c.named(v), "a text or a number")
	case token.UserUnknown:
		detail := "the rule has no user of this name"
		if anyUser != nil {
			detail = "the user's name cannot be taken, or the gateway's own token is another user's"
		}
		c.fail(token.UserUnknown, detail, quoted(name), c.users())
	case token.TokenMalformed:
		c.fail(token.TokenMalformed, "another token stands at another place of the rule", "", "")
	case token.Accepted, token.UserExpired, token.AppDisabled:
		c.admitted(j, name, now)
	default:
		c.fail(j.Reason, "a fault of ours", "", "")
	}
}

// admitted tells of the user whom the rule has found.
func (c *account) admitted(j *authn.Judged, name string, now time.Time) {
	if expire := j.User.Expire; j.Reason == token.UserExpired {
		c.fail(token.UserExpired, "the user has expired", clock(time.Unix(expire, 0)), "after "+clock(now))
		return
	}
	c.pass(stepUser, "the rule has the user", quoted(name), "")
	app := printable.Text(j.User.App.Id())
	if j.Reason == token.AppDisabled {
		c.fail(token.AppDisabled, "the application "+app+" is disabled", "", "")
		return
	}
	detail := "the request goes on as one of the application " + app
	if j.User.Additional == authn.Hides(true) {
		detail += ", without the token"
	}
	c.pass(stepApplication, detail, "", "")
}

// named is what stands at the path of the user's name.
func (c *account) named(v *token.Verified) string {
	if value, ok := v.Find(c.rule.Rule.Path); ok {
		return shown(value)
	}
	return ""
}

// users tells how many users the rule has.
func (c *account) users() string {
	n := 0
	c.rule.EachUser(func(string) bool { n++; return false })
	return fmt.Sprintf("one of the %d users of the rule", n)
}

// ended tells what has ended a token.
func (x *explanation) ended(v *token.Verified, c *account, name string) string {
	s := x.by.Revocations.Snapshot(x.trace.Now)
	if s.EndsID(v.ID()) {
		return "its jti stands in the hash jwt_revoked"
	}
	if user, ok := c.rule.User(name); ok && s != nil && s.Ends(v, user.App.Id(), user.Name) {
		return "the hash jwt_not_before ends the tokens of its application or user that were issued when it was"
	}
	return "an endpoint of the gateway or the hash jwt_not_before has ended it"
}
