package jwt

import (
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/plugins/jwt/internal/upstreamtoken"
	"apinto-jwt/internal/appid"
	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// policy is a Config that has been compiled: immutable, and nothing in it is parsed again on a request.
type policy struct {
	required      bool
	apps          map[string]bool // by ID; nil: all
	scopes        []requiredScope
	login         login
	resource      protected
	claims        token.Expected
	upstream      upstream
	minter        *upstreamtoken.Minter // makes the upstream's tokens; nil: there are none
	mcp           *mcpRoute             // nil: no MCP server
	observe       bool
	skipPreflight bool
	answers       answers
	closed        bool // refuses everything
	// objections refuse a configuration when it is saved. A stored one is in force with them.
	objections configjson.FieldErrors
}

// closedPolicy is that of a filter whose configuration cannot be used.
func closedPolicy() *policy {
	return &policy{closed: true, answers: answers{realm: defaults().Realm}}
}

// verdict is a policy's decision on a request: refused; or accepted, as the user whom the match-th application found;
// or neither: it passes on without a token.
type verdict struct {
	refusal  *refusal
	exchange *exchange // nil if the route is no MCP server
	result   driver.Result
	earlier  string // the application that an earlier plugin has found out
	matched  bool
	match    int
}

func (v verdict) refused() bool  { return v.refusal != nil }
func (v verdict) accepted() bool { return v.refusal == nil && v.matched }

// refuse takes a refusal, if there is one.
func (v *verdict) refuse(r *refusal) {
	if r != nil {
		v.refusal, v.matched, v.match = r, false, 0
	}
}

// token returns the token of an accepted request, else nil.
func (v verdict) token() *token.Verified {
	if !v.accepted() {
		return nil
	}
	return v.result.Token()
}

// would returns the verdict in a word, for the label of a policy that only observes.
func (v verdict) would() string {
	switch {
	case v.refused():
		return v.refusal.reason
	case v.matched:
		return token.Accepted.String()
	}
	return wouldPass
}

// judge resolves a request's token, and decides whether the policy accepts it.
func (p *policy) judge(ctx http_service.IHttpContext, g *gate) verdict {
	switch {
	case !hosthttp.FieldNames(ctx):
		return verdict{refusal: refusalFieldName}
	case p.closed:
		return verdict{refusal: refusalFault}
	case p.mcp != nil:
		return p.judgeMessage(ctx, g)
	case p.skipPreflight && preflight(ctx):
		return verdict{}
	}
	v := p.authenticate(ctx, g)
	if v.matched {
		if reason := granted(p.scopes, v.result.Token()); reason != token.Accepted {
			v.refuse(p.refusalOfClaims(reason))
		}
	}
	return v
}

// judgeMessage is judge for the route of an MCP server. Whatever comes of it, the client's token goes no further.
func (p *policy) judgeMessage(ctx http_service.IHttpContext, g *gate) (v verdict) {
	x, refused := p.mcp.begin(ctx)
	switch {
	case refused != nil:
		v = verdict{refusal: refused}
	case !x.posts && preflight(ctx) && p.skipPreflight:
		return verdict{}
	default:
		if v = p.authenticate(ctx, g); !v.refused() {
			v.refuse(x.permit(ctx, p, &v, g.driver.BodyLimit))
		}
	}
	v.exchange = x
	v.result.Hide(ctx)
	hosthttp.FlushHead(ctx)
	return v
}

// authenticate resolves a request's token, and decides whether it is good for the policy. Its scopes are not looked at.
func (p *policy) authenticate(ctx http_service.IHttpContext, g *gate) verdict {
	v := verdict{earlier: ctx.GetLabel(labelApplicationID)}
	v.result = g.driver.Authenticate(ctx, v.earlier != "" && ctx.GetLabel(labelStatus) == statusSuccess)
	switch v.result.Reason() {
	case token.Accepted:
		v.match, v.refusal = p.demand(v.earlier, v.result, g.driver.Clock.Now)
		v.matched = !v.refused()
	case token.TokenMissing:
		switch {
		case p.required || !g.anyApplication():
			v.refusal = refusalOf(v.result)
		case v.result.Stray():
			v.refusal = refusalNoRule
		}
	default:
		if p.required || !v.result.Formless() || !g.anyApplication() {
			v.refusal = refusalOf(v.result)
		}
	}
	return v
}

// demand checks an accepted token against the policy, and picks the first of the users it names whose
// application may come in.
func (p *policy) demand(earlier string, r driver.Result, now func() time.Time) (match int, refused *refusal) {
	match, ok := p.pick(earlier, r)
	if !ok {
		return 0, refusalApp
	}
	if err := p.claims.Check(r.Token(), zeroTime); err != nil {
		return 0, p.refusalOfClaims(token.ReasonOf(err))
	}
	return match, p.login.demand(r.Token(), now) // before the scopes: a token of another log-in may have others
}

// pick finds the first user whose application may come in. If a plugin before this one has found out the application,
// it must be the same: neither replaces what the other requires.
func (p *policy) pick(earlier string, r driver.Result) (match int, ok bool) {
	for i := range r.Len() {
		id := r.User(i).App.Id()
		if (p.apps == nil || p.apps[id]) && (earlier == "" || id == appid.Of(earlier)) {
			return i, true
		}
	}
	return 0, false
}

// anyApplication reports whether there is an application at all, be it the anonymous one. As long as there is none, the
// plugin "app" lets everything through.
func (g *gate) anyApplication() bool {
	if g.apps == nil {
		return false
	}
	if g.apps.Count() > 0 {
		return true
	}
	anonymous := g.apps.AnonymousApp()
	return anonymous != nil && !anonymous.Disable()
}

// preflight reports whether this is the request in which a browser asks whether it may send another one (Fetch standard,
// CORS-preflight request): it never has credentials, nor a body.
func preflight(ctx http_service.IHttpContext) bool {
	if r := hosthttp.Raw(ctx.Request()); r != nil {
		return r.Header.IsOptions() && len(r.Header.Peek("Origin")) > 0 &&
			len(r.Header.Peek("Access-Control-Request-Method")) > 0 && r.Header.ContentLength() == 0
	}
	request := ctx.Request()
	return request.Method() == "OPTIONS" && request.Header().GetHeader("Origin") != "" &&
		request.Header().GetHeader("Access-Control-Request-Method") != "" && request.ContentLength() == 0
}
