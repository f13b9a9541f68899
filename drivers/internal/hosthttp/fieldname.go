package hosthttp

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/internal/httptoken"
)

// FieldNames reports whether no header name of the client's request has white space in it, nor before the colon, which
// RFC 9112 §5.1 demands to be refused. The host's parser takes such names, and refuses all others that are no tokens
// (RFC 9110 §5.6.2).
func FieldNames(ctx http_service.IHttpContext) bool {
	if r := Raw(ctx.Request()); r != nil {
		return headNames(r.Header.RawHeaders())
	}
	for name := range ctx.Request().Header().Headers() {
		if !httptoken.Valid(name) {
			return false
		}
	}
	return true
}

// headNames is FieldNames of a head as it came.
func headNames(head []byte) bool {
	for len(head) > 0 {
		i := nameEnd(head)
		if (i == 0 || i == len(head) || head[i] != ':') && !nameless(head[0]) {
			return false
		}
		end := bytes.IndexByte(head[i:], '\n')
		if end < 0 {
			return true
		}
		head = head[i+end+1:]
	}
	return true
}

// nameless reports whether a line that begins so has no name: the end of the head, or a value that goes on (RFC 9112
// §5.2).
func nameless(first byte) bool {
	return first == '\r' || first == '\n' || first == ' ' || first == '\t'
}

// nameEnd returns the place of the first colon, white space or control character. It looks at eight bytes at a time: every
// request pays for it.
func nameEnd(line []byte) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; len(line)-i >= 8; i += 8 {
		word := binary.LittleEndian.Uint64(line[i:])
		colon := word ^ each*':'
		if found := ((word-each*'!')&^word | (colon-each)&^colon) & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(line) && line[i] > ' ' && line[i] != ':' {
		i++
	}
	return i
}
