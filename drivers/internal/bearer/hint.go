package bearer

import (
	"bytes"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// Hint is a place at which no rule looks for a token, and where what looks like one stands. It says nothing of what that
// is.
type Hint uint8

// The hints; HintCount is how many there are.
const (
	NoHint Hint = iota
	HintScheme
	HintHeader
	HintQuery
	HintCookie
	HintCount
)

// hintTexts are the hints in words.
var hintTexts = [HintCount]string{
	HintScheme: "a header has a token behind another scheme than Bearer",
	HintHeader: "a token stands in a header that no rule looks at",
	HintQuery:  "a token stands in a query parameter that no rule looks at",
	HintCookie: "a token stands in a cookie that no rule looks at",
}

// String returns the hint in words; empty: there is none.
func (h Hint) String() string { return hintTexts[h] }

// tokenStart is how the base64url of a JSON object begins that has a member: of {" .
var tokenStart = []byte("eyJ")

// FindHint looks for a token in a request in which no rule found one: one pass over the header fields and the query, without
// a copy. It never looks into the body.
func FindHint(ctx http_service.IHttpContext) Hint {
	r := hosthttp.Raw(ctx.Request())
	if r == nil {
		return NoHint
	}
	cookie := false
	for key, value := range r.Header.All() {
		if sameName(key, "Cookie") {
			cookie = cookie || pairHasToken(value, ';')
			continue
		}
		if scheme, rest, found := bytes.Cut(value, blank); found && looksLikeToken(bytes.TrimLeft(rest, " ")) {
			if sameName(scheme, "Bearer") {
				return HintHeader
			}
			return HintScheme
		}
		if looksLikeToken(value) {
			return HintHeader
		}
	}
	switch {
	case pairHasToken(r.URI().QueryString(), '&'):
		return HintQuery
	case cookie:
		return HintCookie
	}
	return NoHint
}

var blank = []byte(" ")

// pairHasToken reports whether a value in a list of names and values looks like a token.
func pairHasToken(list []byte, separator byte) bool {
	for pair := range bytes.SplitSeq(list, []byte{separator}) {
		if _, value, _ := bytes.Cut(pair, []byte("=")); looksLikeToken(bytes.Trim(value, `" `)) {
			return true
		}
	}
	return false
}

// looksLikeToken reports whether a value begins like a JWT and has its two dots.
func looksLikeToken(value []byte) bool {
	return bytes.HasPrefix(value, tokenStart) && bytes.Count(value, []byte(".")) == 2
}
