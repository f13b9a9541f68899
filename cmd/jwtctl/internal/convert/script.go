package convert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Script returns the calls as a script for sh, which wants the address of the admin API in the variable ADMIN. Nothing of the
// source is read by the shell: paths are escaped and in single quotes, bodies behind a quoted word.
func Script(r *Result) string {
	var b strings.Builder
	b.WriteString("set -e\n: \"${ADMIN:?is the address of the admin API, as http://127.0.0.1:9400}\"\n")
	for _, left := range r.Left {
		if left.Opens {
			fmt.Fprintf(&b, "# The source demands more: %s %s\n", oneLine(left.Field), oneLine(left.Why))
		}
	}
	for _, call := range r.Calls {
		method := ""
		if call.Method != "POST" {
			method = " -X " + call.Method
		}
		fmt.Fprintf(&b, "curl -fsS%s -H 'Content-Type: application/json' \"$ADMIN\"'%s' -d @- <<'%s'\n%s%s\n", method, call.Path, end, Indented(call.Body), end)
	}
	return b.String()
}

// end ends the body of a call in the script. No line of indented JSON is this.
const end = "EOF"

// oneLine keeps a text in its comment.
func oneLine(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, text)
}

// Indented returns JSON for people, with a line end.
func Indented(body json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return string(body) + "\n"
	}
	return b.String() + "\n"
}
