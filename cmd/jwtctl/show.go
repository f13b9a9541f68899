package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/token"
)

const notVerified = "NOT VERIFIED: anybody could have written what this token says. To check it: jwtctl verify"

// text is an inspection for people.
func (i inspection) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", notVerified)
	for _, line := range [][2]string{
		{"fingerprint", token.Fingerprint(i.Raw)},
		{"size", inspect.Count(len(i.Raw), "byte")},
		{"algorithm", i.Parameter("alg")},
		{"key ID", i.Parameter("kid")},
		{"type", i.Parameter("typ")},
		{"signature", inspect.Count(len(i.Signature.Text), "byte")},
	} {
		if line[1] == "" {
			line[1] = "-"
		}
		fmt.Fprintf(&b, "%-12s %s\n", line[0], safe(oneLine(line[1])))
	}
	section(&b, "header", i.Header.Pretty())
	section(&b, "payload", i.Payload.Pretty())
	section(&b, "times", i.timesText())
	faults := make([]string, len(i.Faults))
	for n, err := range i.Faults {
		faults[n] = newFailure(err).text() + "\n" + i.pointer(err)
	}
	section(&b, "faults: every rule refuses this token", strings.Join(faults, ""))
	section(&b, "warnings", strings.Join(i.Warnings(), "\n"))
	return b.String()
}

// section writes a title and, indented, its text; nothing where there is no text.
func section(b *strings.Builder, title, text string) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, line := range strings.Split(safe(text), "\n") {
		fmt.Fprintf(b, "  %s\n", line)
	}
}

// timesText shows the time claims as times.
func (i inspection) timesText() string {
	var b strings.Builder
	for _, name := range inspect.DateNames {
		date, ok := i.Dates[name]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s  %s  %s\n", name, date, i.state(name))
	}
	return b.String()
}

// state returns what a time claim means at present.
func (i inspection) state(name string) string {
	at := i.Dates[name].Time()
	past := !at.After(i.Now)
	words := map[string][2]string{ // in the future, in the past
		"iat": {"issued", "issued"}, "nbf": {"begins", "began"}, "exp": {"expires", "expired"},
	}[name]
	word := words[0]
	if past {
		word = words[1]
	}
	return word + " " + inspect.Relative(at, i.Now)
}

// pointer shows the place of a fault: the text round it, and a caret below. "" where no place is known.
func (i inspection) pointer(err error) string {
	var e *token.Error
	if !errors.As(err, &e) {
		return ""
	}
	p, ok := i.Part(e.Part)
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
	before, after := safe(oneLine(text[from:offset])), safe(oneLine(text[offset:to]))
	if from > 0 {
		before = "…" + before
	}
	if to < len(text) {
		after += "…"
	}
	below := strings.Repeat(" ", columns(before)) + "^ " + note
	return fmt.Sprintf("  %s%s\n  %s\n", before, after, strings.TrimRight(below, " "))
}
