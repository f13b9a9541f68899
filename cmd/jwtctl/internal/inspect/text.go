package inspect

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/token"
)

const notVerified = "NOT VERIFIED: anybody could have written what this token says. To check it: jwtctl verify"

// Text returns the inspection for people.
func (t *Token) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", notVerified)
	for _, line := range [][2]string{
		{"fingerprint", token.Fingerprint(t.Raw)},
		{"size", Count(len(t.Raw), "byte")},
		{"algorithm", t.Parameter("alg")},
		{"key ID", t.Parameter("kid")},
		{"type", t.Parameter("typ")},
		{"signature", Count(len(t.Signature.Text), "byte")},
	} {
		if line[1] == "" {
			line[1] = "-"
		}
		fmt.Fprintf(&b, "%-12s %s\n", line[0], screen.Safe(screen.OneLine(line[1])))
	}
	section(&b, "header", t.Header.Pretty())
	section(&b, "payload", t.Payload.Pretty())
	section(&b, "times", t.timesText())
	faults := make([]string, len(t.Faults))
	for n, err := range t.Faults {
		faults[n] = NewFailure(err).Text() + "\n" + t.pointer(err)
	}
	section(&b, "faults: every rule refuses this token", strings.Join(faults, ""))
	section(&b, "warnings", strings.Join(t.Warnings(), "\n"))
	return b.String()
}

// section writes a title and, indented, its text; nothing if there is no text.
func section(b *strings.Builder, title, text string) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, line := range strings.Split(screen.Safe(text), "\n") {
		fmt.Fprintf(b, "  %s\n", line)
	}
}

// timesText shows the time claims as times.
func (t *Token) timesText() string {
	var b strings.Builder
	for _, name := range DateNames {
		date, ok := t.Dates[name]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s  %s  %s\n", name, date, t.state(name))
	}
	return b.String()
}

// state returns what a time claim means at present.
func (t *Token) state(name string) string {
	at := t.Dates[name].Time()
	past := !at.After(t.Now)
	words := map[string][2]string{ // in the future, in the past
		"iat": {"issued", "issued"}, "nbf": {"begins", "began"}, "exp": {"expires", "expired"},
	}[name]
	word := words[0]
	if past {
		word = words[1]
	}
	return word + " " + Relative(at, t.Now)
}

// pointer shows the place of a fault: the text round it, and a caret below. "" if no place is known.
func (t *Token) pointer(err error) string {
	var e *token.Error
	if !errors.As(err, &e) {
		return ""
	}
	p, ok := t.Part(e.Part)
	switch {
	case !ok:
		return ""
	case e.Offset >= 0:
		return caret(p.Text, e.Offset, "")
	case p.Problem != "":
		return caret(p.Encoded, p.Offset, p.Problem)
	}
	return ""
}

// around is how many bytes are shown before and after a fault.
const around = 30

// caret shows a text round an offset in one line, and in the next a caret below that place.
func caret(text string, offset int, note string) string {
	offset = min(offset, len(text))
	from, to := max(0, offset-around), min(len(text), offset+around)
	for from > 0 && from < offset && !utf8.RuneStart(text[from]) {
		from++
	}
	for to > offset && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	before, after := screen.Safe(screen.OneLine(text[from:offset])), screen.Safe(screen.OneLine(text[offset:to]))
	if from > 0 {
		before = "…" + before
	}
	if to < len(text) {
		after += "…"
	}
	below := strings.Repeat(" ", screen.Columns(before)) + "^ " + note
	return fmt.Sprintf("  %s%s\n  %s\n", before, after, strings.TrimRight(below, " "))
}
