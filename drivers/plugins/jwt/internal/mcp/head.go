package mcp

import (
	"strings"
	"unsafe"
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

// ReadHead reads the lines of a request's head behind the first. The values share its memory.
func ReadHead(head []byte) (h Head) {
	text := unsafe.String(unsafe.SliceData(head), len(head)) //nolint:gosec // saves a copy of the head
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
	var own string
	switch len(name) { // each is of another length
	case len("origin"):
		own, field = "origin", &h.Origin
	case len("trailer"):
		own, field = "trailer", &h.Trailer
	case len("mcp-name"):
		own, field = "mcp-name", &h.Name
	case len("mcp-method"):
		own, field = "mcp-method", &h.Method
	case len("content-type"):
		own, field = "content-type", &h.ContentType
	case len("content-length"):
		own, field = "content-length", &h.ContentLength
	case len("content-encoding"):
		own, field = "content-encoding", &h.ContentEncoding
	case len("transfer-encoding"):
		own, field = "transfer-encoding", &h.TransferEncoding
	case len("mcp-protocol-version"):
		own, field = "mcp-protocol-version", &h.Version
	}
	same, exact := compare(name, own)
	if !same || own == "" {
		return nil, false
	}
	return field, exact
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
