// Package screen makes texts fit for a terminal.
package screen

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Safe makes text fit for a terminal: what a token says could move the cursor, change the colours or turn the direction
// of writing. Such characters become the escapes of JSON, so a JSON text keeps its meaning; bytes that are not UTF-8
// become \xNN. Line ends stay.
func Safe(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[size:]
	}
	return b.String()
}

// WriteJSON writes a value as indented JSON.
func WriteJSON(w io.Writer, value any) error {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, Safe(b.String()))
	return err
}

// OneLine returns the text with its line ends escaped: a value from a token must not begin lines of its own.
func OneLine(text string) string { return strings.ReplaceAll(text, "\n", `\n`) }
