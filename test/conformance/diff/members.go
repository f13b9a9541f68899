package diff

import (
	"encoding/base64"
	"strings"

	"apinto-jwt/test/corpus"
)

// names are members that mean something somewhere; values what they may have, or may not.
var (
	headerNames  = []string{"alg", "typ", "kid", "crit", "b64", "zip", "cty", "jwk", "jku", "x5c", "iss", "ALG", "Typ", "x", ""}
	payloadNames = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "name", "ISS", "Exp", "x", ""}
	values       = []string{
		"1", "0", "-1", "1.5", "1e400", "1e19", "4102444800", "4102444800.5", "1e9", "null", "true", "false", `""`, `"x"`, `"alice"`, `"42"`, "42", `"none"`, `"HS256"`, `"JWT"`,
		`"https://issuer.test"`, "[]", `["x"]`, `["b64"]`, "[1]", "{}", `{"a":1,"a":2}`, `"\ud800"`, `"\u0061lice"`, "\"\xff\"", `"é"`, "01", "[[[]]]",
	}
)

// members edits header or payload as text and signs the result, so that nothing but the edit can be wrong.
func (m *mutator) members(c corpus.Case) {
	parts := strings.Split(c.Token, ".")
	header, payload := decode(parts[0]), decode(parts[1])
	edit := func(how string, change func(text string, names []string) string) {
		h, p := header, payload
		if m.random.IntN(2) == 0 {
			h = change(h, headerNames)
			how = "header: " + how
		} else {
			p = change(p, payloadNames)
			how = "payload: " + how
		}
		m.add(c, how, m.sign(c, base64.RawURLEncoding.EncodeToString([]byte(h))+"."+base64.RawURLEncoding.EncodeToString([]byte(p))))
	}
	pick := func(list []string) string { return list[m.random.IntN(len(list))] }
	edit("member in front", func(text string, names []string) string {
		return `{"` + pick(names) + `":` + pick(values) + "," + strings.TrimLeft(text, " \t\r\n{")
	})
	edit("member behind", func(text string, names []string) string {
		return strings.TrimRight(text, " \t\r\n}") + `,"` + pick(names) + `":` + pick(values) + "}"
	})
	edit("member of another value", func(text string, names []string) string {
		name := `"` + pick(names) + `":`
		before, after, found := strings.Cut(text, name)
		if !found {
			return text
		}
		end := strings.IndexAny(after, ",}")
		return before + name + pick(values) + after[end:]
	})
	edit("member of another name", func(text string, names []string) string {
		return strings.Replace(text, `"`+pick(names)+`":`, `"`+pick(names)+`":`, 1)
	})
	edit("name in another case", func(text string, names []string) string {
		name := pick(names)
		return strings.Replace(text, `"`+name+`":`, `"`+strings.ToUpper(name)+`":`, 1)
	})
	edit("text behind", func(text string, _ []string) string {
		return text + pick([]string{" ", "\n", "x", "{}", "\x00", ",", "]"})
	})
	edit("text in front", func(text string, _ []string) string { return pick([]string{" ", "\t", "\ufeff", "x", "[", ","}) + text })
	edit("byte changed", func(text string, _ []string) string {
		i := m.random.IntN(len(text))
		return text[:i] + string([]byte{byte(m.random.IntN(256))}) + text[i+1:]
	})
	edit("byte removed", func(text string, _ []string) string {
		i := m.random.IntN(len(text))
		return text[:i] + text[i+1:]
	})
}

func decode(part string) string {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		panic(err) // of a token that we accept
	}
	return string(text)
}
