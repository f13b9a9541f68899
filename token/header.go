package token

import (
	"github.com/tidwall/gjson"

	"apinto-jwt/internal/strictjson"
)

// header is a JOSE header (RFC 7515 §4) that is understood. Parameters that bring keys of their own ("jwk", "jku",
// "x5c", "x5u") are never looked at: a token does not choose its key (RFC 8725 §3.10).
type header struct {
	strictjson.Object
	algorithm string
	typ       string
	hasType   bool
	keyID     string
	hasKeyID  bool
}

// read takes what is known out of the header, whose text has been parsed, and refuses what it must not pass over.
func (h *header) read() *Error {
	hasAlgorithm := false
	for _, m := range h.Members() {
		var err *Error
		switch raw := h.Raw(m); h.Name(m) {
		case "alg":
			hasAlgorithm = true
			err = wantString(raw, &h.algorithm, "header.alg")
		case "typ":
			h.hasType = true
			err = wantString(raw, &h.typ, "header.typ")
		case "kid":
			h.hasKeyID = true
			err = wantString(raw, &h.keyID, "header.kid")
		case "crit":
			err = critical(raw)
		case "b64":
			if raw != "true" {
				err = refuse(TokenMalformed, "header.b64", "an unencoded payload (RFC 7797) must not be used in a JWT")
			}
		case "zip":
			err = refuse(TokenMalformed, "header.zip", "compression belongs to encrypted tokens (RFC 7516)")
		}
		if err != nil {
			return err
		}
	}
	if !hasAlgorithm {
		return refuse(TokenMalformed, "header.alg", "is missing")
	}
	return nil
}

// wantString reads a member that must be a JSON string.
func wantString(raw string, value *string, part string) *Error {
	text, ok := strictjson.String(raw)
	if !ok {
		return refuse(TokenMalformed, part, "must be a string")
	}
	*value = text
	return nil
}

// critical judges "crit" (RFC 7515 §4.1.11): we know no extension, so every well-formed list names an unknown one.
func critical(raw string) *Error {
	list := gjson.Parse(raw)
	names := list.Array()
	if !list.IsArray() || len(names) == 0 {
		return refuse(TokenMalformed, "header.crit", "must be a list of names, not empty")
	}
	for _, name := range names {
		if name.Type != gjson.String || name.Str == "" {
			return refuse(TokenMalformed, "header.crit", "must be a list of names")
		}
	}
	return refuse(CriticalUnknown, "header.crit", "demands an extension that is not supported")
}
