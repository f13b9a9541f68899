package jwt

import (
	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/token"
)

// The labels of a request. They reach the access log.
const (
	// LabelResult is the reason for which a request with a token was refused.
	LabelResult = "jwt_result"
	// LabelKeyID is the token's "kid".
	LabelKeyID = "jwt_kid"
	// LabelFingerprint stands for the token.
	LabelFingerprint = "jwt_fingerprint"
)

// resolution is what one request came to. It is made once, whoever of the authenticators the host asks first.
type resolution struct {
	generation uint64 // of the registry it was made with
	reason     token.Reason
	place      place
	user       *application.UserInfo // whom the token names: accepted, or of a disabled application, or expired
	owner      *binding              // the rule that found the user
	also       []*binding            // further rules that accept the token
	raw        string                // the token that came furthest
	keyID      string
	end        bool // the request must not go on, whoever else might accept it
}

// note takes a refusal that came further than what is known.
func (r *resolution) note(reason token.Reason, raw, keyID string) {
	if r.reason == token.Accepted || !reason.Further(r.reason) {
		return
	}
	r.reason, r.raw, r.keyID = reason, raw, keyID
}

// take notes a rule's verdict on a verified token. Of several rules that accept it, the first in the rules' order
// names the user, so that the answer is the same every time.
func (r *resolution) take(b *binding, p place, user *application.UserInfo, reason token.Reason, v *token.Verified) {
	if reason != token.Accepted {
		if user != nil && reason.Further(r.reason) && r.reason != token.Accepted {
			r.user, r.owner, r.place = user, b, p
		}
		keyID, _ := v.KeyID()
		r.note(reason, v.Raw(), keyID)
		return
	}
	if r.reason == token.Accepted {
		r.also = append(r.also, b)
		if byOrder(r.owner, b) <= 0 {
			return
		}
		r.also[len(r.also)-1] = r.owner
	}
	r.reason, r.user, r.owner, r.place = token.Accepted, user, b, p
}

// label writes a refusal into the request's labels. A request without a token gets none.
func (r *resolution) label(ctx http_service.IHttpContext) {
	if r.reason == token.Accepted || r.reason == token.TokenMissing {
		return
	}
	ctx.SetLabel(LabelResult, r.reason.String())
	if r.raw != "" {
		ctx.SetLabel(LabelFingerprint, token.Fingerprint(r.raw))
	}
	if r.keyID != "" {
		ctx.SetLabel(LabelKeyID, printable(r.keyID))
	}
}

// printable makes a foreign text fit for a log: at most 128 bytes, control characters replaced.
func printable(text string) string {
	const most = 128
	out := make([]rune, 0, len(text))
	size := 0
	for _, c := range text {
		if c < 0x20 || c == 0x7f || c >= 0x80 && c < 0xa0 || c == '\u2028' || c == '\u2029' {
			c = '?'
		}
		if size += len(string(c)); size > most {
			break
		}
		out = append(out, c)
	}
	return string(out)
}

// answers tells whether the authenticator of the rule is to answer with this resolution: its own rule accepts the
// token; or the rule is no longer in force, and the application that it served has moved on to the one that accepts
// it, which the host is about to learn.
func (r *resolution) answers(asked *rule, g *registry) bool {
	if r.owner.rule.id == asked.id {
		return true
	}
	for _, b := range r.also {
		if b.rule.id == asked.id {
			return true
		}
	}
	return r.reason == token.Accepted && g.succeeded(asked.id, r.user.App.Id())
}
