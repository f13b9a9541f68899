package bearer

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// extractCookie takes the token from a cookie (RFC 6265 §4.2). All Cookie headers are read as text: a parser that keeps
// the last of two cookies of one name would hide that there are two.
func extractCookie(ctx http_service.IHttpContext, name string) Extraction {
	var f Extraction
	eachCookie(ctx.Request(), ctx.Request().Header, func(pair string) {
		if key, value, _ := strings.Cut(pair, "="); strings.TrimSpace(key) == name {
			// The line that it stands in is overwritten when the next one is put together.
			f.add(strings.Clone(strings.Trim(strings.TrimSpace(value), `"`)), false)
		}
	})
	return f
}

// removeCookie removes the cookie; the others reach the upstream as they came.
func removeCookie(ctx http_service.IHttpContext, name string) {
	var kept []string
	keep := func(pair string) {
		if key, _, _ := strings.Cut(pair, "="); strings.TrimSpace(key) != name {
			kept = append(kept, requoted(strings.TrimSpace(pair)))
		}
	}
	if r := hosthttp.Raw(ctx.Proxy()); r != nil {
		eachLine(r, func(key, value []byte) {
			if sameName(key, "Cookie") {
				eachPair(string(value), keep)
			}
		})
	} else {
		eachCookie(ctx.Proxy(), ctx.Proxy().Header, keep)
	}
	removeHeader(ctx, "Cookie")
	if len(kept) > 0 {
		ctx.Proxy().Header().SetHeader("Cookie", strings.Join(kept, "; "))
	}
}

// requoted returns a pair whose value, if it is quoted, is quoted twice: fasthttp takes one pair of quotes off when it is
// given a cookie.
func requoted(pair string) string {
	at := strings.IndexByte(pair, '=') + 1
	if value := pair[at:]; len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		return pair[:at] + `"` + value + `"`
	}
	return pair
}

// eachCookie visits the name=value pairs of all Cookie headers. A pair is good until the next one is visited.
func eachCookie[H http_service.IHeaderReader](request any, header func() H, visit func(pair string)) {
	eachHeader(hosthttp.Raw(request), header, "Cookie", func(line string) { eachPair(line, visit) })
}

// eachPair visits the pairs of one Cookie header.
func eachPair(line string, visit func(pair string)) {
	for more := true; more; {
		var pair string
		pair, line, more = strings.Cut(line, ";")
		visit(pair)
	}
}
