package jwt

import (
	"cmp"
	"slices"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/internal/printable"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Faults counts the faults that were stopped at the boundary to the host in this process: the driver's, and those of the
// plugins that share the counter with it. The status page shows it.
func Faults() *panics.Counter {
	if d := installed.Load(); d != nil {
		return &d.faults
	}
	return new(panics.Counter)
}

// SelectedBy are the headers that rules in force look for a token in, as Vary names them (RFC 9110 §12.5.5). Authorization
// is not among them: shared caches know it (RFC 9111 §3.5).
func SelectedBy() []string {
	d := installed.Load()
	if d == nil {
		return nil
	}
	var headers []string
	for _, s := range *d.registry.Locations() {
		if header := s.Location.SelectedBy(); s.Private && header != "" && !slices.Contains(headers, header) {
			headers = append(headers, header)
		}
	}
	return headers
}

// Result is what the token of a request came to, for filters that judge requests without the host's plugin "app".
type Result struct {
	resolution *resolution
	home       *pooled // What Release gives the resolution back to; nil if it stays with the request.
	use        uint64  // Of home, which Release ends.
}

// Resolve resolves the request with the driver that Register put into the host. Counted tells that the request has been
// resolved before, with a result that was released. Who asks ends with [Result.Keep] or [Result.Release]. It never
// panics; a fault of ours gives the reason Internal, and so does a driver that was never registered.
func Resolve(ctx http_service.IHttpContext, counted bool) (result Result) {
	d := installed.Load()
	if d == nil {
		return Result{resolution: &resolution{reason: token.Internal}}
	}
	whole := false
	defer func() {
		if whole { // as in GetUser
			return
		}
		if p := recover(); p != nil {
			d.faults.Caught("Resolve", refusedByFault)
			result = Result{resolution: &resolution{reason: token.Internal}}
		}
	}()
	r, kept := d.known(ctx), true
	if r == nil {
		if r, kept = d.resolve(ctx), false; !counted {
			d.count(r)
		}
		if r.reason != token.Accepted && !r.formless {
			d.label(ctx, r)
		}
		r.stray = r.reason == token.TokenMissing && d.stray(ctx, r)
	}
	whole = true
	if kept {
		return Result{resolution: r}
	}
	return Result{r, r.home, r.home.use.Load()}
}

// stray tells whether a token stands in the header Authorization though no rule is in force that could look for it.
func (d *driver) stray(ctx http_service.IHttpContext, r *resolution) bool {
	if len(*r.shelves) > 0 {
		return false
	}
	f := bearer.Extract(ctx, rule.Authorization(), d.limits.body)
	if f.Token == "" || !token.HasForm(f.Token) && !f.Formed {
		return false
	}
	r.token = f.Token
	return true
}

// Keep leaves the result with the request, for the authenticator, which the host may ask next.
func (r Result) Keep(ctx http_service.IHttpContext) {
	if r.home != nil && r.home.use.Load() == r.use {
		r.resolution.keep(ctx)
	}
}

// Release ends the use of a result for which nobody is going to ask again, of an accepted or refused request. What it has
// told stays as it is, tokens and users too. A second release does nothing. A result that came from the body is kept
// after all: the body may be read once.
func (r Result) Release(ctx http_service.IHttpContext) {
	if r.home == nil || r.home.use.Load() != r.use { // it has been released, and may serve another request
		return
	}
	if r.resolution.fromBody() {
		r.resolution.keep(ctx)
		return
	}
	if !r.home.use.CompareAndSwap(r.use, r.use+1) {
		return
	}
	r.resolution.once = nil // texts of the token may still be held
	r.resolution.release()
}

// Reason is why the token was refused, or Accepted. Where the application is disabled, or the user has expired, it says
// so; Users has them then too.
func (r Result) Reason() token.Reason { return r.resolution.reason }

// Several tells that two different tokens came, which contradict each other.
func (r Result) Several() bool { return r.resolution.several }

// Formless tells that what was refused has not the form of a token ([token.HasForm]), as an API key has not: it may be for
// another type of authentication. Such a request has no labels of the driver.
func (r Result) Formless() bool { return r.resolution != nil && r.resolution.formless }

// Stray tells that no rule is in force, and that the header Authorization has a token all the same.
func (r Result) Stray() bool { return r.resolution.stray }

// Token is the verified token; nil where none was accepted and no user was found.
func (r Result) Token() *token.Verified { return r.resolution.verified }

// Spent tells that the request's body could not be kept: it must not be forwarded, whoever else would accept it.
func (r Result) Spent() bool { return r.resolution.end }

// Len is how many applications accept the token.
func (r Result) Len() int {
	if r.resolution.reason != token.Accepted {
		return 0
	}
	return len(r.resolution.matches)
}

// User is the user whom the i-th of them found by the token.
func (r Result) User(i int) *application.UserInfo { return r.resolution.matches[i].user }

// Admit does to the request what the i-th application's rule and user ask for: the claims that become labels, and
// hiding the token from the upstream.
func (r Result) Admit(i int, ctx http_service.IHttpContext) {
	r.resolution.admit(r.resolution.matches[i], ctx)
}

// Refuse writes the labels of a request that is refused for a reason that the driver has not labelled it with: the
// reason, and what stands for the token.
func (r Result) Refuse(ctx http_service.IHttpContext, reason string) {
	ctx.SetLabel(LabelResult, reason)
	if raw := cmp.Or(r.resolution.token, r.resolution.raw); raw != "" {
		ctx.SetLabel(LabelFingerprint, token.Fingerprint(raw))
	}
	if r.resolution.verified != nil {
		if keyID, ok := r.resolution.verified.KeyID(); ok {
			ctx.SetLabel(LabelKeyID, printable.Text(keyID))
		}
	}
}
