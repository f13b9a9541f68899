package authn

import (
	"slices"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Trace is what a walk tells of itself to whoever explains it. A request's walk has none: the steps of both are the same code, so
// that what is explained is what the gateway does.
type Trace struct {
	Reason   token.Reason
	Several  bool // Two different tokens contradict each other.
	Formless bool // What was refused has not the form of a token.
	Now      time.Time
	Places   []Place  // Those that were looked at.
	Tokens   []Walked // What was found there and put to the rules.
	Binding  *registry.Binding
	User     *application.UserInfo // Whom the first rule found; with a refusal only if nothing else stands against the user.

	given *Given
}

// Given is a credential that is looked at in place of what stands in a request.
type Given struct {
	Credential string
	At         *rule.Location // The one place where it stands; nil: every place.
}

// Place is one place that was looked at, with what stands there.
type Place struct {
	Location rule.Location
	bearer.Extraction
}

// Walked is a token at a place, as far as it came there.
type Walked struct {
	Location rule.Location
	Raw      string
	Fault    error             // Why it cannot be parsed.
	Parsed   *token.Unverified // Nil if it cannot be.
	Reason   token.Reason      // Why it has no key; Accepted if it has one.
	Verified *token.Verified   // Nil if it has no key.
	Groups   []*registry.KeyGroup
	// Unasked are the groups whose key sets a request would have asked for once more, as they may lack the token's key.
	Unasked []*registry.KeyGroup
	Rules   []Judged // Those that have its key.

	failed map[[32]byte]struct{}
}

// Judged is a rule's judgement of a verified token.
type Judged struct {
	Binding *registry.Binding
	User    *application.UserInfo // Nil if none was found, or the token was ended.
	Reason  token.Reason
}

// Explain makes the walk of a request at the time, and tells each step. If a credential is given, the walk finds that in place of
// what stands in the request. Nothing is counted, labelled, kept in a cache or fetched.
func (a *Authenticator) Explain(ctx http_service.IHttpContext, given *Given, now time.Time) *Trace {
	t := &Trace{Now: now, given: given}
	r := &outcome{trace: t, now: now}
	a.walk(ctx, r)
	t.Reason, t.Several, t.Formless = r.reason, r.several, r.formless
	t.Binding, t.User = r.best().binding, r.best().user
	return t
}

// Failed reports whether the key did not make the token.
func (w *Walked) Failed(thumbprint [32]byte) bool {
	_, failed := w.failed[thumbprint]
	return failed
}

// again begins anew, as the rules have changed.
func (t *Trace) again() { t.Places, t.Tokens = nil, nil }

// extract finds the token at the place.
func (t *Trace) extract(ctx http_service.IHttpContext, l rule.Location, bodyLimit int) (f bearer.Extraction) {
	switch {
	case t.given == nil:
		f = bearer.Extract(ctx, l, bodyLimit)
	case t.given.At == nil || *t.given.At == l:
		f = bearer.Of(t.given.Credential, l)
	}
	t.Places = append(t.Places, Place{l, f})
	return f
}

// parse tells what a token is parsed into.
func (t *Trace) parse(s *registry.LocationIndex, raw string, u *token.Unverified, err error) {
	w := Walked{Location: s.Location, Raw: raw, Fault: err, Reason: token.ReasonOf(err)}
	if err == nil {
		w.Parsed = u
	}
	t.Tokens = append(t.Tokens, w)
}

// now is the token that is on its way.
func (t *Trace) now() *Walked { return &t.Tokens[len(t.Tokens)-1] }

// try tells which groups could have the token's key, and what came of it.
func (t *Trace) try(c *registry.Candidates, v *token.Verified, reason token.Reason, failed map[[32]byte]struct{}) {
	w := t.now()
	w.Groups, w.Verified, w.Reason, w.failed = slices.Concat(c[:]...), v, reason, failed
}

// leave tells of the key sets that are not asked for once more.
func (t *Trace) leave(u *token.Unverified, live []fetched) {
	for _, l := range live {
		if lacks(l.set, u) {
			t.now().Unasked = append(t.now().Unasked, l.group)
		}
	}
}

// judge tells what a rule says of the token. A rule is asked once more if nobody accepts: its answer is the same.
func (t *Trace) judge(b *registry.Binding, user *application.UserInfo, reason token.Reason) {
	w := t.now()
	if !slices.ContainsFunc(w.Rules, func(j Judged) bool { return j.Binding == b }) {
		w.Rules = append(w.Rules, Judged{b, user, reason})
	}
}
