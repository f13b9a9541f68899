package verdict

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/token"
)

// compare adds to the failures what the rule wants and what the token has. A parsed token's parts are JSON.
func (r *Rule) compare(failures []inspect.Failure, raw string, now time.Time) {
	parts := strings.Split(raw, ".")
	for i := range failures {
		f := &failures[i]
		if f.Wanted = r.wanted(f, now); f.Wanted == "" {
			continue
		}
		part, name, _ := strings.Cut(f.Part, ".")
		encoded := parts[1]
		if part == "header" {
			encoded = parts[0]
		}
		if text, err := base64.RawURLEncoding.DecodeString(encoded); err == nil {
			f.Got = shortened(gjson.GetBytes(text, strings.TrimPrefix(name, "$.")).Raw)
		}
	}
}

// wanted returns the values that the rule wants; empty for failures that are not about values.
func (r *Rule) wanted(f *inspect.Failure, now time.Time) string {
	switch f.Code {
	case token.AlgorithmNotAllowed:
		return quoted(r.Algorithms...)
	case token.IssuerMismatch:
		return quoted(r.Expected.Issuer)
	case token.TypeNotAllowed:
		if r.Expected.Type == "" {
			return `"JWT", or a type that ends in "+jwt"`
		}
		return quoted(r.Expected.Type)
	case token.AudienceMismatch:
		return quoted(r.Expected.Audience...)
	case token.ClaimMismatch:
		return r.wantedClaim(strings.TrimPrefix(f.Part, "payload."))
	case token.TokenExpired:
		return "an end after " + now.Add(-r.Expected.Leeway).UTC().Format(time.RFC3339)
	case token.TokenNotYetValid:
		return "a beginning until " + now.Add(r.Expected.Leeway).UTC().Format(time.RFC3339)
	}
	return ""
}

// wantedClaim returns the values that the flags allow a claim.
func (r *Rule) wantedClaim(path string) string {
	var values []string
	for _, given := range r.Claims {
		if source, value, _ := strings.Cut(given, "="); source == path {
			values = append(values, value)
		}
	}
	return quoted(values...)
}

// quoted returns a list of texts, as people write it.
func quoted[T ~string](texts ...T) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(list, " or ")
}

// maxShown is the longest claim that is shown whole, in bytes.
const maxShown = 200

// shortened cuts what would fill the screen.
func shortened(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}
