package authn

import (
	"cmp"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/internal/refused"
	"apinto-jwt/token"
)

// labelRoute has the ID of the request's route. The host sets it.
const labelRoute = "api_id"

// remember notes a refusal for who asks after the fact.
func (a *Authenticator) remember(ctx http_service.IHttpContext, r *outcome, reason, fingerprint string, hint bearer.Hint) {
	one := refused.Request{
		Time: r.now, Reason: reason, Filter: r.reason == token.Accepted, RequestID: ctx.RequestId(), Fingerprint: fingerprint,
		KeyID: r.keyID, Hint: hint.String(), Route: ctx.GetLabel(labelRoute), Client: clientOf(ctx),
	}
	b := r.refuser.binding
	if b == nil {
		b = r.best().binding // of a token that a filter refuses
	}
	if b != nil {
		one.Application, one.Rule = b.Owner(), b.Rule.Entry
	}
	raw := cmp.Or(r.raw, r.token)
	for i := range r.extractions {
		if f := &r.extractions[i]; f.Token == raw && raw != "" {
			one.Place = f.location.Name
			break
		}
	}
	a.Refused.Add(one)
}

// clientOf is the client's address, as the host's access log has it. The host's own way to it would make a map of all
// headers.
func clientOf(ctx http_service.IHttpContext) string {
	if r := hosthttp.Raw(ctx.Request()); r != nil {
		if address := r.Header.Peek("X-Real-Ip"); len(address) > 0 {
			return string(address[:min(len(address), 64)])
		}
	}
	return ctx.Request().RemoteAddr()
}
