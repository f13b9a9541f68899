package authn

import (
	"slices"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/token"
)

// extract notes what stands at the location, if there is anything. What an earlier walk has found is not looked for
// again: a body's stream may be read once.
func (r *outcome) extract(ctx http_service.IHttpContext, s *registry.LocationIndex, bodyLimit int, earlier []extraction) {
	for i := range earlier {
		if earlier[i].location.Location == s.Location {
			r.extractions = append(r.extractions, extraction{s, earlier[i].Extraction})
			return
		}
	}
	var f bearer.Extraction
	if r.trace == nil {
		f = bearer.Extract(ctx, s.Location, bodyLimit)
	} else {
		f = r.trace.extract(ctx, s.Location, bodyLimit)
	}
	if f.Empty() {
		return
	}
	if r.extractions == nil {
		r.extractions = r.oneExtraction[:0]
	}
	r.extractions = append(r.extractions, extraction{s, f})
}

// agree finds the request's one token; false if there are two: what has the form of a token ([token.HasForm]) must be
// the same at every place (RFC 6750 §2), whichever of them is good. Else the upstream might take the other one.
func (r *outcome) agree() bool {
	if len(r.extractions) == 1 && r.extractions[0].Foreign == "" && !r.extractions[0].Several { // as nearly always
		r.token = r.extractions[0].Token
		return true
	}
	var one string
	r.token = ""
	for i := range r.extractions {
		f := &r.extractions[i]
		for _, credential := range [...]string{f.Token, f.Foreign} {
			if credential == "" || credential == one || !token.HasForm(credential) {
				continue
			}
			if one != "" {
				return r.disagree(one)
			}
			one = credential
		}
		if f.Unread && one != "" {
			return r.disagree(one)
		}
		if f.Several && f.Formed {
			return r.disagree(f.Token)
		}
		if f.Token == one {
			r.token = one
		}
	}
	return true
}

// disagree notes that there are two tokens, of which this is one.
func (r *outcome) disagree(one string) bool {
	r.several = true
	r.record(token.TokenMalformed, one, "")
	return false
}

// unformed reports whether all that was refused is no token by its form.
func (r *outcome) unformed() bool {
	if r.several || r.end || r.reason != token.TokenMalformed && r.reason != token.TokenTooLarge {
		return false
	}
	return !slices.ContainsFunc(r.extractions, func(f extraction) bool { return f.Large || token.HasForm(f.Token) })
}

// fromBody reports whether the body has been looked into.
func (r *outcome) fromBody() bool {
	for i := range r.extractions {
		if r.extractions[i].location.InBody() {
			return true
		}
	}
	return false
}
