package bearer

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
)

// multipartForm is multipart/form-data (RFC 7578). The library reads the parts; where they stand, to cut one out, is
// found here, and a body of which the two count different parts is not read at all.
type multipartForm struct{ boundary string }

// maxParts is how many parts a form may have to be looked into, as many as Go's own [multipart.Reader.ReadForm] takes:
// each takes the library some 600 bytes, and a body may have a part in nine.
const maxParts = 1000

// each implements bodyFormat.
func (m multipartForm) each(body []byte, name string, visit func(string)) bool {
	var buffer bytes.Buffer
	spans := m.spans(body)
	ok := m.eachPart(body, func(part *multipart.Part) error {
		buffer.Reset()
		if _, err := buffer.ReadFrom(part); err != nil {
			return err
		}
		content := buffer.Bytes()
		if len(spans) == 0 || !m.holds(body[spans[0].start:spans[0].end], content) {
			return errParts
		}
		spans = spans[1:]
		if isFormField(part, name) {
			visit(string(content))
		}
		return nil
	})
	return ok && len(spans) == 0
}

// many reports whether the body has more parts than are looked into.
func (m multipartForm) many(body []byte) bool {
	return bytes.Count(body, []byte("--"+m.boundary)) > maxParts+1
}

// errParts says that the library and we see different parts.
var errParts = errors.New("the parts are not where they seem to be")

// holds reports whether the piece is a part with this content: it ends with the content and a line end, and no delimiter
// stands before it.
func (m multipartForm) holds(piece, content []byte) bool {
	piece = bytes.TrimSuffix(bytes.TrimSuffix(piece, []byte("\n")), []byte("\r"))
	head, ok := bytes.CutSuffix(piece, content)
	return ok && !bytes.Contains(head, []byte("\n--"+m.boundary))
}

// isFormField reports whether the part is the field; a file of that name is not.
func isFormField(part *multipart.Part, name string) bool {
	return part.FormName() == name && part.FileName() == ""
}

// eachPart visits the parts in order; false if the body is damaged.
func (m multipartForm) eachPart(body []byte, visit func(*multipart.Part) error) bool {
	reader := multipart.NewReader(bytes.NewReader(body), m.boundary)
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil || visit(part) != nil {
			return false
		}
	}
}

// span is a piece of a body: from start to before end.
type span struct{ start, end int }

// spans returns where the parts stand, each from its delimiter up to the next one. Nil if the body does not end as it
// must.
func (m multipartForm) spans(body []byte) []span {
	delimiter := []byte("--" + m.boundary)
	var starts []int
	for at := 0; ; {
		i := bytes.Index(body[at:], delimiter)
		if i < 0 {
			return nil
		}
		at += i
		after := body[at+len(delimiter):]
		begins := at == 0 || body[at-1] == '\n'
		switch {
		case begins && endsLine(after):
			starts = append(starts, at)
			at += len(delimiter) + headerLength(after)
		case begins && bytes.HasPrefix(after, []byte("--")) && endsLine(after[2:]):
			return pieces(append(starts, at))
		default:
			at += len(delimiter)
		}
	}
}

// endsLine reports whether nothing but blanks stands before the end of the line.
func endsLine(text []byte) bool {
	text = bytes.TrimLeft(text, " \t")
	return len(text) == 0 || text[0] == '\n' || bytes.HasPrefix(text, []byte("\r\n"))
}

// headerLength returns how long the rest of the delimiter's line and the part's header are, the empty line included; what
// looks like a delimiter in there is none.
func headerLength(text []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
		switch rest := text[at:]; { // only this far: a body may have as many parts as bytes
		case bytes.HasPrefix(rest, []byte("\n")):
			return at + 1
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return at + 2
		}
	}
}

// pieces returns the spans between the places.
func pieces(places []int) []span {
	list := make([]span, 0, len(places))
	for i := 1; i < len(places); i++ {
		list = append(list, span{places[i-1], places[i]})
	}
	return list
}

// without implements bodyFormat.
func (m multipartForm) without(body []byte, name string) []byte {
	spans := m.spans(body)
	kept := make([]byte, 0, len(body))
	next, at := 0, 0
	m.eachPart(body, func(part *multipart.Part) error {
		if at < len(spans) && isFormField(part, name) {
			kept = append(kept, body[next:spans[at].start]...)
			next = spans[at].end
		}
		at++
		return nil
	})
	return append(kept, body[next:]...)
}
