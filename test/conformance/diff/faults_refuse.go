package diff

import (
	"encoding/json"
	"strings"
)

// accepted explains a question that we accept, for a reason that lies in it.
func accepted(why func(q *Question) bool) func(q *Question) bool {
	return func(q *Question) bool { return q.Ours == nil && why(q) }
}

// request explains an HTTP case that we accept, by the start of its name.
func request(names ...string) func(q *Question) bool {
	return accepted(func(q *Question) bool {
		for _, name := range names {
			if q.Request != "" && strings.HasPrefix(q.Name, "HTTP/"+name) {
				return true
			}
		}
		return false
	})
}

// wrongRefusals keep somebody out who may come in.
var wrongRefusals = []Fault{
	{
		Name: "knows neither PS256, PS384, PS512 nor EdDSA", Who: []string{builtin}, Section: "RFC 7518 §3.5, RFC 8037 §3.1",
		explains: accepted(func(q *Question) bool {
			return q.settings.fields.Algorithm[:2] == "PS" || q.settings.fields.Algorithm == "EdDSA"
		}),
	},
	{
		Name: "wants `typ`, and that it is `JWT`", Who: []string{builtin}, Section: "RFC 7519 §5.1: optional; RFC 9068 §2.1: `at+jwt`",
		explains: accepted(func(q *Question) bool {
			typ, _ := q.header.members["typ"].(string)
			return q.Request == "" && !strings.EqualFold(typ, "JWT")
		}),
	},
	{
		Name: "wants an `iss` that is not empty, also where none is configured", Who: []string{builtin}, Section: "RFC 7519 §4.1.1: optional",
		explains: accepted(func(q *Question) bool {
			return q.settings.fields.Issuer == "" && (!q.payload.has("iss") || q.payload.is("iss", ""))
		}),
	},
	{
		Name: "takes no number as a user's name", Who: []string{builtin}, Section: "a feature of ours", Choice: true,
		explains: accepted(func(q *Question) bool {
			return strings.HasPrefix(q.settings.name, "path-") && strings.Trim(q.Named, "0123456789.eE+-") == ""
		}),
	},
	{
		Name: "reads the first of several keys alone", Who: []string{builtin}, Section: "a feature of ours: rotation", Choice: true,
		explains: accepted(func(q *Question) bool { return strings.HasSuffix(q.settings.name, "-two") }),
	},
	{
		Name: "reads no PKCS#1 public key", Who: []string{builtin}, Section: "RFC 8017 A.1.1; a feature of ours", Choice: true,
		explains: accepted(func(q *Question) bool { return strings.Contains(q.settings.fields.PublicKey, "BEGIN RSA PUBLIC KEY") }),
	},
	{
		Name: "refuses a token with a number that no float64 can hold, wherever it stands", Who: all, Section: "RFC 8259 §6",
		explains: accepted(func(q *Question) bool { return q.header.huge() || q.payload.huge() }),
	},
	{
		Name: "cuts the fraction of a time off", Who: []string{golang}, Section: "RFC 7519 §2 (NumericDate)",
		explains: accepted(func(q *Question) bool { return q.Edge }),
	},
	{
		Name: "reads `jwk` and `x5c` of the header, and refuses the token where they are not as they should be", Who: []string{goJose},
		Section: "RFC 8725 §3.10 warns of keys in tokens; ours never looks at them", Choice: true,
		explains: accepted(func(q *Question) bool { return q.header.has("jwk") || q.header.has("x5c") }),
	},
	{
		Name: "refuses secrets that are shorter than the hash", Who: []string{goJose}, Section: "RFC 7518 §3.2 is on its side: ours warns, as the documented example has 6 bytes", Choice: true,
		explains: accepted(func(q *Question) bool {
			secret, ok := q.settings.keys[0].([]byte)
			return ok && len(secret) < 32
		}),
	},
	{
		Name: "refuses a member twice in a nested object too", Who: []string{goJose}, Section: "RFC 7515 §4 and RFC 7519 §4 speak of the top level", Choice: true,
		explains: accepted(func(q *Question) bool { return nestedTwice(q.header.text) || nestedTwice(q.payload.text) }),
	},
	{
		Name: "never reads `position: body`", Who: []string{builtin}, Section: "its own configuration", explains: request("form", "JSON", "multipart"),
	},
	{
		Name: "knows `Bearer` and `bearer` alone, followed by one blank", Who: []string{builtin}, Section: "RFC 9110 §11.1: any case", explains: request("scheme"),
	},
	{
		Name: "reads the last of repeated headers, whatever it is", Who: []string{builtin}, Section: "RFC 9110 §5.3", explains: request("repeated"),
	},
	{
		Name: "reads one of repeated query parameters, though it is empty", Who: []string{builtin}, Section: "RFC 6750 §2.3", explains: request("query"),
	},
}

// huge reports whether a number stands in the part that no float64 can hold.
func (p part) huge() bool {
	var tree any
	err := json.Unmarshal([]byte(p.text), &tree)
	return err != nil && strings.Contains(err.Error(), "float64") && p.text != ""
}

// nestedTwice reports whether a nested object has a member twice.
func nestedTwice(text string) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return twiceIn(decoder)
}

// twiceIn reads one value and reports whether an object in it has a member twice.
func twiceIn(decoder *json.Decoder) bool {
	open, err := decoder.Token()
	if err != nil {
		return false
	}
	twice := false
	switch open {
	case json.Delim('{'):
		names := make(map[any]bool)
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return twice
			}
			twice, names[name] = twice || names[name], true
			twice = twiceIn(decoder) || twice
		}
	case json.Delim('['):
		for decoder.More() {
			before := decoder.InputOffset()
			twice = twiceIn(decoder) || twice
			if decoder.InputOffset() == before { // no JSON
				return twice
			}
		}
	default:
		return false
	}
	_, _ = decoder.Token()
	return twice
}
