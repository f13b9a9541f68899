package authn

import (
	"slices"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/internal/printable"
	"apinto-jwt/rule"
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

// label writes a refusal into the request's labels. A request without a token gets none, but the hint if one stands
// that no rule looks at.
func (a *Authenticator) label(ctx http_service.IHttpContext, r *outcome) {
	if r.reason == token.TokenMissing {
		h := bearer.FindHint(ctx)
		if h != bearer.NoHint {
			a.hints[h].Add(1)
			ctx.SetLabel(LabelHint, h.String())
		}
		a.remember(ctx, r, r.reason.String(), "", h)
		return
	}
	ctx.SetLabel(LabelResult, r.reason.String())
	fingerprint := ""
	if r.raw != "" {
		fingerprint = a.fingerprints.of(r.raw)
		ctx.SetLabel(LabelFingerprint, fingerprint)
	}
	a.remember(ctx, r, r.reason.String(), fingerprint, bearer.NoHint)
	if r.keyID != "" {
		ctx.SetLabel(LabelKeyID, printable.Text(r.keyID))
	}
}

// writeLabels writes what the rule asks for into the labels of an accepted request: the key ID if the rule has a key
// set, and the claims that the administrator chose. A claim that is missing leaves no label.
func writeLabels(ctx http_service.IHttpContext, r *rule.Rule, v *token.Verified) {
	if r.Keys.HasIDs {
		if keyID, ok := v.KeyID(); ok {
			ctx.SetLabel(LabelKeyID, printable.Text(keyID))
		}
	}
	for _, l := range r.Labels {
		if value, ok := v.Find(l.Path); ok && value.Type != gjson.Null {
			ctx.SetLabel(l.Label, printable.Text(labelText(value)))
		}
	}
}

// labelText is a claim as text: a string as it is, a list of plain values joined by commas, anything else as JSON.
func labelText(v gjson.Result) string {
	switch {
	case v.Type == gjson.String:
		return v.Str
	case v.IsArray():
		items := v.Array()
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = labelText(item)
		}
		return strings.Join(texts, ",")
	}
	return v.Raw
}

// labelInternal notes a fault of ours. Setting a label may be what failed.
func labelInternal(ctx http_service.IHttpContext) {
	defer func() { _ = recover() }()
	ctx.SetLabel(LabelResult, token.Internal.String())
}

// SelectedBy are the headers that rules in force look for a token in, as Vary names them (RFC 9110 §12.5.5). Authorization
// is not among them: shared caches know it (RFC 9111 §3.5).
func (a *Authenticator) SelectedBy() []string {
	var headers []string
	for _, s := range *a.Registry.Locations() {
		if header := s.Location.SelectedBy(); s.Private && header != "" && !slices.Contains(headers, header) {
			headers = append(headers, header)
		}
	}
	return headers
}
