package inspect

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// The parts of a token in which a part is put to have it judged alone.
const (
	soundHeader  = `{"alg":"HS256"}`
	soundPayload = `{}`
)

// segment is base64url without padding (RFC 7515 §2).
func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// Faults returns the reasons for which the parser refuses a token. The parser stops at the first; here each part, and each
// member of a part, is put into a token that is sound otherwise and shown to the same parser, so that there is one
// set of rules. The parser's own answer comes first.
func Faults(raw string) []error {
	_, err := token.Parse(raw)
	if err == nil {
		return nil
	}
	f := faultList{seen: make(map[string]bool)}
	f.add(err)
	parts := strings.SplitN(raw, ".", maxParts+1)
	if len(parts) > 3 {
		return f.list
	}
	f.probeHeader(parts[0])
	if len(parts) > 1 {
		f.probePayload(parts[1])
	}
	if len(parts) > 2 {
		f.probe(segment(soundHeader), segment(soundPayload), parts[2])
	}
	return f.list
}

// faultList collects faults, each once.
type faultList struct {
	list []error
	seen map[string]bool
}

func (f *faultList) add(err error) {
	if err != nil && !f.seen[err.Error()] {
		f.seen[err.Error()] = true
		f.list = append(f.list, err)
	}
}

// probe adds what the parser has against a token of the three segments.
func (f *faultList) probe(header, payload, signature string) {
	_, err := token.Parse(header + "." + payload + "." + signature)
	f.add(err)
}

// probeHeader looks at the header as a whole, then at each of its members.
func (f *faultList) probeHeader(header string) {
	f.probe(header, segment(soundPayload), "")
	hasAlgorithm := false
	eachMember(header, func(name, member string) {
		text := `{"alg":"HS256",` + member + `}`
		if name == "alg" {
			hasAlgorithm = true
			text = `{` + member + `}`
		}
		_, err := token.Parse(segment(text) + "." + segment(soundPayload) + ".")
		f.addMember(err)
	})
	if isObject(header) && !hasAlgorithm {
		f.probe(segment(`{}`), segment(soundPayload), "")
	}
}

// probePayload looks at the payload as a whole, then at each of its members.
func (f *faultList) probePayload(payload string) {
	f.probe(segment(soundHeader), payload, "")
	eachMember(payload, func(_, member string) {
		_, err := token.Parse(segment(soundHeader) + "." + segment(`{`+member+`}`) + ".")
		f.addMember(err)
	})
}

// addMember adds what was found in one member. What has an offset concerns the text, was found in the whole, and would
// point to the wrong place here.
func (f *faultList) addMember(err error) {
	var e *token.Error
	if errors.As(err, &e) && e.Offset < 0 {
		f.add(err)
	}
}

// isObject reports whether a segment is a JSON object.
func isObject(encoded string) bool {
	text := decodeLoosely(encoded)
	return json.Valid(text) && gjson.ParseBytes(text).IsObject()
}

// eachMember visits the members of a segment that is a JSON object: the name, and `"name":value` as it stands there.
func eachMember(encoded string, visit func(name, member string)) {
	if !isObject(encoded) {
		return
	}
	gjson.ParseBytes(decodeLoosely(encoded)).ForEach(func(name, value gjson.Result) bool {
		visit(name.Str, name.Raw+":"+value.Raw)
		return true
	})
}
