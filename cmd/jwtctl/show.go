package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"apinto-jwt/token"
)

const notVerified = "NOT VERIFIED: anybody could have written what this token says. To check it: jwtctl verify"

// text is an inspection for people.
func (i *inspection) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", notVerified)
	for _, line := range [][2]string{
		{"fingerprint", token.Fingerprint(i.raw)},
		{"size", count(len(i.raw), "byte")},
		{"algorithm", i.parameter("alg")},
		{"key ID", i.parameter("kid")},
		{"type", i.parameter("typ")},
		{"signature", count(len(i.signature.text), "byte")},
	} {
		if line[1] == "" {
			line[1] = "-"
		}
		fmt.Fprintf(&b, "%-12s %s\n", line[0], safe(oneLine(line[1])))
	}
	section(&b, "header", i.header.pretty())
	section(&b, "payload", i.payload.pretty())
	section(&b, "times", i.timesText())
	faults := make([]string, len(i.faults))
	for n, err := range i.faults {
		faults[n] = newFailure(err).text() + "\n" + i.pointer(err)
	}
	section(&b, "faults: every rule refuses this token", strings.Join(faults, ""))
	section(&b, "warnings", strings.Join(i.warnings(), "\n"))
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
func (i *inspection) timesText() string {
	var b strings.Builder
	for _, name := range dateNames {
		date, ok := i.dates[name]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s  %s  %s\n", name, date, i.state(name))
	}
	return b.String()
}

// state tells what a time claim means at present.
func (i *inspection) state(name string) string {
	at := i.dates[name].Time()
	past := !at.After(i.now)
	words := map[string][2]string{ // in the future, in the past
		"iat": {"issued", "issued"}, "nbf": {"begins", "began"}, "exp": {"expires", "expired"},
	}[name]
	word := words[0]
	if past {
		word = words[1]
	}
	return word + " " + relative(at, i.now)
}

// pointer shows the place of a fault: the text round it, and a caret below. "" where no place is known.
func (i *inspection) pointer(err error) string {
	var e *token.Error
	if !errors.As(err, &e) {
		return ""
	}
	p, ok := i.part(e.Part)
	switch {
	case !ok:
		return ""
	case e.Offset >= 0:
		return caret(p.text, e.Offset, "")
	case p.problem != "":
		return caret(p.encoded, p.offset, p.problem)
	}
	return ""
}

// part is a part by its name; false for the name of a member or of nothing.
func (i *inspection) part(name string) (part, bool) {
	switch name {
	case "header":
		return i.header, true
	case "payload":
		return i.payload, true
	case "signature":
		return i.signature, true
	}
	return part{}, false
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
