package bearer

import (
	"strings"

	"apinto-jwt/internal/strictjson"
	"apinto-jwt/rule"
)

// jsonBody is application/json: the token is a member of the object, by name or by a path of names.
type jsonBody struct{}

// each implements bodyFormat. A body in which a name on the way stands twice is not read: readers disagree on which
// one counts.
func (jsonBody) each(body []byte, name string, visit func(string)) bool {
	start, end, ok := locateMember(view(body), name)
	if !ok {
		return start.readable
	}
	if body[start.value] != '"' { // no string is no token
		return true
	}
	value, ok := strictjson.String(string(body[start.value:end]))
	visit(value)
	return ok
}

// without implements bodyFormat: the member and one comma beside it are cut.
func (jsonBody) without(body []byte, name string) []byte {
	start, end, ok := locateMember(view(body), name)
	if !ok {
		return body
	}
	from, to := start.member, end
	if i := skipSpace(body, to); i < len(body) && body[i] == ',' {
		to = skipSpace(body, i+1)
	} else if i := lastSpace(body, from); i > 0 && body[i-1] == ',' {
		from = i - 1
	}
	return append(append(make([]byte, 0, len(body)), body[:from]...), body[to:]...)
}

// memberStart is where a member and where its value begin. An object on the way may be one that readers disagree about:
// then it is not readable.
type memberStart struct {
	member, value int
	readable      bool
}

// locateMember walks the names through nested objects.
func locateMember(text, name string) (start memberStart, end int, ok bool) {
	names, err := rule.BodyPath(name)
	if err != nil {
		return start, 0, false
	}
	offset, piece := 0, text
	for i, step := range names {
		var object strictjson.Object
		if err := object.ParseSingle(piece, step); err != nil {
			return memberStart{readable: !beginsObject(piece)}, 0, false
		}
		m, found := object.Find(step)
		if !found {
			return memberStart{readable: true}, 0, false
		}
		from, to := object.Span(m)
		if i == len(names)-1 {
			return memberStart{offset + from, offset + object.ValueStart(m), true}, offset + to, true
		}
		offset, piece = offset+object.ValueStart(m), object.Raw(m)
	}
	return start, 0, false
}

// beginsObject reports whether a text begins as an object does, whatever follows.
func beginsObject(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n"), "{")
}

// skipSpace returns the next place that is no white space.
func skipSpace(body []byte, at int) int {
	for at < len(body) && strings.IndexByte(" \t\r\n", body[at]) >= 0 {
		at++
	}
	return at
}

// lastSpace returns the beginning of the white space before the place.
func lastSpace(body []byte, at int) int {
	for at > 0 && strings.IndexByte(" \t\r\n", body[at-1]) >= 0 {
		at--
	}
	return at
}
