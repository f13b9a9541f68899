package jwt

import (
	"bytes"
	"sync/atomic"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// LabelHint says, of a request in which no rule found a token, where what looks like one stands.
const LabelHint = "jwt_hint"

// hint is a place at which no rule looks. It says nothing of what stands there.
type hint uint8

const (
	noHint hint = iota
	hintScheme
	hintHeader
	hintQuery
	hintCookie
	hintCount
)

// hintTexts are the values of the label.
var hintTexts = [hintCount]string{
	hintScheme: "a header has a token behind another scheme than Bearer",
	hintHeader: "a token stands in a header that no rule looks at",
	hintQuery:  "a token stands in a query parameter that no rule looks at",
	hintCookie: "a token stands in a cookie that no rule looks at",
}

// hints count requests by the hint that they were given.
type hints [hintCount]atomic.Uint64

// hintState is one counter.
type hintState struct {
	Text  string `json:"hint"`
	Count uint64 `json:"count"`
}

// states are the counters that have counted.
func (h *hints) states() []hintState {
	list := []hintState{}
	for i := range h {
		if n := h[i].Load(); n > 0 {
			list = append(list, hintState{hintTexts[i], n})
		}
	}
	return list
}

// tokenStart is how the base64url of a JSON object begins that has a member: of {" .
var tokenStart = []byte("eyJ")

// hintOf looks for a token in a request in which no rule found one: one pass over the header fields and the query, without
// a copy. It never looks into the body.
func hintOf(ctx http_service.IHttpContext) hint {
	r := hosthttp.Raw(ctx.Request())
	if r == nil {
		return noHint
	}
	cookie := false
	for key, value := range r.Header.All() {
		if sameName(key, "Cookie") {
			cookie = cookie || pairHasToken(value, ';')
			continue
		}
		if scheme, rest, found := bytes.Cut(value, blank); found && looksLikeToken(bytes.TrimLeft(rest, " ")) {
			if sameName(scheme, "Bearer") {
				return hintHeader
			}
			return hintScheme
		}
		if looksLikeToken(value) {
			return hintHeader
		}
	}
	switch {
	case pairHasToken(r.URI().QueryString(), '&'):
		return hintQuery
	case cookie:
		return hintCookie
	}
	return noHint
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
