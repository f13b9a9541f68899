package explain

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/internal/printable"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// nearPlace tells what keeps a token from being found, or from being read as one.
func (x *explanation) nearPlace() string {
	for i := range x.trace.Tokens {
		if w := &x.trace.Tokens[i]; w.Fault != nil {
			if text := wrapped(w.Raw); text != "" {
				return "a token, but for " + text
			}
		}
	}
	for _, p := range x.trace.Places {
		if p.Foreign != "" && p.Token == "" {
			return "a token in the " + p.Location.String() + ", but for its scheme, which is not Bearer"
		}
	}
	if len(x.strays) == 0 {
		return x.hint.String()
	}
	places := make([]string, 0, len(x.trace.Places))
	for _, p := range x.trace.Places[:min(len(x.trace.Places), listed)] {
		places = append(places, p.Location.String())
	}
	text := "a token in the " + printable.Text(x.strays[0].String()) + ", where no rule looks"
	if len(places) > 0 {
		text += ": rules look at " + strings.Join(places, ", ")
	}
	return text
}

// wrapped tells what stands round a token that would be one without.
func wrapped(value string) string {
	rest := value
	for {
		scheme, after, found := strings.Cut(strings.TrimSpace(rest), " ")
		if !found || !strings.EqualFold(scheme, "Bearer") {
			break
		}
		rest = after
	}
	if rest != value && parses(strings.TrimSpace(rest)) {
		return "Bearer, which stands there twice"
	}
	if scheme, after, found := strings.Cut(strings.TrimSpace(value), " "); found && parses(strings.TrimSpace(after)) {
		if len(scheme) > longestScheme || strings.Contains(scheme, ".") { // it may be another token
			return "what stands before it"
		}
		return "what stands before it (" + quoted(scheme) + ")"
	}
	trimmed := strings.TrimFunc(value, func(c rune) bool { return strings.ContainsRune("\"'`<>,;: \t\r\n", c) })
	if trimmed != value && parses(trimmed) {
		return "the quotes, marks or blanks round it"
	}
	joined := strings.Join(strings.Fields(value), "")
	if joined != value && parses(joined) {
		return "the line ends or blanks in it"
	}
	return ""
}

// parses reports whether the value is a token, good or not.
func parses(value string) bool {
	u, err := token.Parse(value)
	if err == nil {
		u.Discard()
	}
	return err == nil
}

// longestScheme is longer than any authentication scheme that is registered (RFC 9110 §16.4.1).
const longestScheme = 15

// straysIn are the places of a request, but for its body, where something has the form of a token.
func straysIn(ctx http_service.IHttpContext) (list []rule.Location) {
	r := hosthttp.Raw(ctx.Request())
	if r == nil {
		return nil
	}
	for name, value := range r.Header.All() {
		if strings.EqualFold(string(name), "Cookie") {
			continue
		}
		l := rule.Location{Position: rule.PositionHeader, Name: string(name)}
		if f := bearer.Of(string(value), l); token.HasForm(f.Token) || f.Foreign != "" {
			list = append(list, l)
		}
	}
	for name, value := range r.URI().QueryArgs().All() {
		if token.HasForm(string(value)) {
			list = append(list, rule.Location{Position: rule.PositionQuery, Name: string(name)})
		}
	}
	for pair := range strings.SplitSeq(string(r.Header.Peek("Cookie")), ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); token.HasForm(strings.Trim(value, `"`)) {
			list = append(list, rule.Location{Position: rule.PositionCookie, Name: name})
		}
	}
	return list
}
