package authn

import (
	"cmp"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/internal/printable"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Result is what the token of a request came to, for filters that judge requests without the host's plugin "app".
type Result struct {
	by     *Authenticator
	result *outcome
	home   *pooled // What Release gives the outcome back to; nil if it stays with the request.
	use    uint64  // Of home, which Release ends.
}

// Refused is the result of a request that a fault of ours refuses.
func Refused() Result { return Result{result: &outcome{reason: token.Internal}} }

// Authenticate authenticates the request. Counted tells that the request has been
// authenticated before, with a result that was released. Who asks ends with [Result.Keep] or [Result.Release]. It never
// panics; a fault of ours gives the reason Internal.
func (a *Authenticator) Authenticate(ctx http_service.IHttpContext, counted bool) (result Result) {
	whole := false
	defer func() {
		if whole { // as in GetUser
			return
		}
		if p := recover(); p != nil {
			a.Panics.Caught("Authenticate", panics.Asked)
			result = Refused()
		}
	}()
	r, kept := a.known(ctx), true
	if r == nil {
		if r, kept = a.authenticate(ctx), false; !counted {
			a.count(r)
		}
		if r.reason != token.Accepted && !r.formless {
			a.label(ctx, r)
		}
		r.stray = r.reason == token.TokenMissing && a.stray(ctx, r)
	}
	whole = true
	if kept {
		return Result{by: a, result: r}
	}
	return Result{a, r, r.home, r.home.use.Load()}
}

// stray reports whether a token stands in the header Authorization though no rule is in force that could look for it.
func (a *Authenticator) stray(ctx http_service.IHttpContext, r *outcome) bool {
	if len(*r.locations) > 0 {
		return false
	}
	f := bearer.Extract(ctx, rule.Authorization(), a.BodyLimit)
	if f.Token == "" || !token.HasForm(f.Token) && !f.Formed {
		return false
	}
	r.token = f.Token
	return true
}

// Keep leaves the result with the request, for the authenticator, which the host may ask next.
func (r Result) Keep(ctx http_service.IHttpContext) {
	if r.home != nil && r.home.use.Load() == r.use {
		r.result.keep(ctx)
	}
}

// Release ends the use of a result for which nobody is going to ask again, of an accepted or refused request. What it has
// told stays as it is, tokens and users too. A second release does nothing. A result that came from the body is kept
// after all: the body may be read once.
func (r Result) Release(ctx http_service.IHttpContext) {
	if r.home == nil || r.home.use.Load() != r.use { // it has been released, and may serve another request
		return
	}
	if r.result.fromBody() {
		r.result.keep(ctx)
		return
	}
	if !r.home.use.CompareAndSwap(r.use, r.use+1) {
		return
	}
	r.result.once = nil // texts of the token may still be held
	r.result.release()
}

// Reason is why the token was refused, or Accepted. If the application is disabled, or the user has expired, it says
// so; Users has them then too.
func (r Result) Reason() token.Reason { return r.result.reason }

// Several tells that two different tokens came, which contradict each other.
func (r Result) Several() bool { return r.result.several }

// Formless tells that what was refused has not the form of a token ([token.HasForm]), as an API key has not: it may be for
// another type of authentication. Such a request has no labels of the driver.
func (r Result) Formless() bool { return r.result != nil && r.result.formless }

// Stray tells that no rule is in force, and that the header Authorization has a token all the same.
func (r Result) Stray() bool { return r.result.stray }

// Token is the verified token; nil if none was accepted and no user was found.
func (r Result) Token() *token.Verified { return r.result.verified }

// Spent tells that the request's body could not be kept: it must not be forwarded, whoever else would accept it.
func (r Result) Spent() bool { return r.result.end }

// Equal reports whether both are the one result of a request.
func (r Result) Equal(other Result) bool { return r.result == other.result }

// Tried is the number of keys that did not make the token.
func (r Result) Tried() int { return len(r.result.trial.failed) }

// Len is how many applications accept the token.
func (r Result) Len() int {
	if r.result.reason != token.Accepted {
		return 0
	}
	return len(r.result.matches)
}

// User is the user whom the i-th of them found by the token.
func (r Result) User(i int) *application.UserInfo { return r.result.matches[i].user }

// Admit does to the request what the i-th application's rule and user ask for: the claims that become labels, and
// hiding the token from the upstream.
func (r Result) Admit(i int, ctx http_service.IHttpContext) {
	r.by.admit(r.result, r.result.matches[i], ctx)
}

// InAuthorization reports whether the token stands in the header Authorization (RFC 6750 §2.1), wherever else it does.
func (r Result) InAuthorization() bool {
	for i := range r.result.extractions {
		if f := &r.result.extractions[i]; f.Token == r.result.token && f.location.Location == rule.Authorization() {
			return true
		}
	}
	return false
}

// Hide takes the token out of the request that goes to the upstream, wherever any rule looks for it, and whatever else
// stands in the header Authorization.
func (r Result) Hide(ctx http_service.IHttpContext) {
	bearer.Remove(ctx, rule.Authorization())
	if r.result != nil && r.result.token != "" {
		r.result.hide(ctx, rule.Authorization())
	}
}

// Refuse writes the labels of a request that is refused for a reason that the driver has not labelled it with: the
// reason, and what stands for the token.
func (r Result) Refuse(ctx http_service.IHttpContext, reason string) {
	ctx.SetLabel(LabelResult, reason)
	fingerprint := ""
	if raw := cmp.Or(r.result.token, r.result.raw); raw != "" {
		fingerprint = token.Fingerprint(raw)
		ctx.SetLabel(LabelFingerprint, fingerprint)
	}
	if r.by != nil {
		r.by.remember(ctx, r.result, reason, fingerprint, bearer.NoHint)
	}
	if r.result.verified != nil {
		if keyID, ok := r.result.verified.KeyID(); ok {
			ctx.SetLabel(LabelKeyID, printable.Text(keyID))
		}
	}
}
