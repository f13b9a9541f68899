package mcp

import (
	"strings"
)

// Head is the header fields of a request that decide how it is read.
type Head struct {
	Version, Method, Name                    Field // MCP-Protocol-Version, Mcp-Method, Mcp-Name
	Origin                                   Field
	ContentType, ContentEncoding             Field
	ContentLength, TransferEncoding, Trailer Field
	// Doubtful tells that one of them is there twice, goes on in the next line, or has a name that is taken for it by
	// some and not by others.
	Doubtful bool
}

// Field is the value of a header field.
type Field struct {
	Value string
	There bool
}

// ReadHead reads the lines of a request's head behind the first.
func ReadHead(text string) (h Head) {
	var last *Field
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			h.Doubtful = h.Doubtful || last != nil
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		field, exact := h.field(name)
		if last = field; field == nil {
			continue
		}
		if field.There || !exact {
			h.Doubtful = true
		}
		*field = Field{strings.Trim(value, " \t"), true}
	}
	return h
}

// HasBody reports whether a body is announced.
func (h *Head) HasBody() bool {
	return h.TransferEncoding.There || h.ContentLength.There && h.ContentLength.Value != "0"
}

// field returns the field of a name; nil for others. It is exact if all readers agree that this is its name.
func (h *Head) field(name string) (field *Field, exact bool) {
	if len(name) < len("origin") || len(name) > len("mcp-protocol-version") {
		return nil, false
	}
	switch name[0] | 0x20 { // nearly all others are told by their first letter
	case 'm', 'o', 'c', 't':
	default:
		return nil, false
	}
	for _, one := range [...]struct {
		name  string
		field *Field
	}{
		{"mcp-protocol-version", &h.Version},
		{"mcp-method", &h.Method},
		{"mcp-name", &h.Name},
		{"origin", &h.Origin},
		{"content-type", &h.ContentType},
		{"content-encoding", &h.ContentEncoding},
		{"content-length", &h.ContentLength},
		{"transfer-encoding", &h.TransferEncoding},
		{"trailer", &h.Trailer},
	} {
		if same, exact := compare(name, one.name); same {
			return one.field, exact
		}
	}
	return nil, false
}

// compare reports whether a name may be taken for the other, which is in lower case: in any case, and with any mark for
// a hyphen, as CGI and its heirs do. It is exact if the hyphens are right.
func compare(name, other string) (same, exact bool) {
	if len(name) != len(other) {
		return false, false
	}
	exact = true
	for i := range len(name) {
		c, want := name[i], other[i]
		switch {
		case c == want || c >= 'A' && c <= 'Z' && c|0x20 == want:
		case want == '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			exact = false
		default:
			return false, false
		}
	}
	return true, exact
}
