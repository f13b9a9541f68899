package jwt

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// maxHeaderValue is the longest claim that is written into a header, in bytes: servers take 8 KiB for a whole line.
const maxHeaderValue = 8000

// headerValue returns a claim as the value of a header: a string as it is, a number or boolean as its JSON text, a list of
// such joined by commas, an object, or a list that holds one or another list, as base64url of its JSON text. In a list,
// what would make two items of one is percent-encoded: a comma, a blank at either end, and the percent sign.
//
// It is false for what no header can carry unchanged: control characters, a blank at either end (receivers drop it, and
// " admin" would be another user's name), more than maxHeaderValue bytes. Characters that are not ASCII are sent in
// UTF-8.
func headerValue(v gjson.Result) (string, bool) {
	text, ok := scalarText(v)
	switch {
	case v.IsArray():
		text, ok = listText(v), true
	case v.IsObject():
		text, ok = base64.RawURLEncoding.EncodeToString([]byte(v.Raw)), true
	}
	return text, ok && len(text) <= maxHeaderValue && carriable(text)
}

// scalarText returns the text of a string, a number or a boolean.
func scalarText(v gjson.Result) (string, bool) {
	switch v.Type {
	case gjson.String:
		return v.Str, true
	case gjson.Number, gjson.True, gjson.False:
		return v.Raw, true
	}
	return "", false
}

// listText returns the text of a list.
func listText(list gjson.Result) string {
	var b strings.Builder
	first, plain := true, true
	list.ForEach(func(_, v gjson.Result) bool {
		text, ok := scalarText(v)
		if plain = ok; !ok {
			return false
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		writeItem(&b, text)
		return true
	})
	if !plain {
		return base64.RawURLEncoding.EncodeToString([]byte(list.Raw))
	}
	return b.String()
}

// writeItem writes an item of a list, in which no other item can be seen.
func writeItem(b *strings.Builder, text string) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == ',':
			b.WriteString("%2C")
		case c == '%':
			b.WriteString("%25")
		case c == ' ' && (i == 0 || i == len(text)-1):
			b.WriteString("%20")
		default:
			b.WriteByte(c)
		}
	}
}

// carriable reports whether a header can carry the text unchanged.
func carriable(text string) bool {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return text == "" || !unicode.IsSpace(first) && !unicode.IsSpace(last)
}
