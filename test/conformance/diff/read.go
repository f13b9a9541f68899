package diff

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// part is a header or payload as a lenient reader has it: any base64, and of two members the last.
type part struct {
	text    string
	members map[string]any // nil for what is no JSON object
}

// read decodes a part of a token.
func read(raw string, i int) part {
	segments := strings.Split(raw, ".")
	if i >= len(segments) {
		return part{}
	}
	text := strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "", "=", "").Replace(segments[i])
	content, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return part{}
	}
	p := part{text: string(content)}
	_ = json.Unmarshal(content, &p.members)
	return p
}

// is reports whether a member is there with this value, as encoding/json reads it.
func (p part) is(name string, value any) bool { return p.members[name] == value }

// has reports whether a member is there.
func (p part) has(name string) bool {
	_, ok := p.members[name]
	return ok
}

// notText reports whether a member is there and is no string.
func (p part) notText(name string) bool {
	value, ok := p.members[name]
	_, text := value.(string)
	return ok && !text
}
