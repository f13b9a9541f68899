package commandline

import (
	"fmt"
	"strings"
)

// Man returns the program's manual page, in roff with the macros of man(7).
func Man(p Program) string {
	var b strings.Builder
	request := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	request(`.TH %s 1 "" "%s %s" "User Commands"`, strings.ToUpper(p.Name), p.Name, roffArgument(p.Version))
	request(".SH NAME\n%s \\- %s", p.Name, roffText(p.Usage))
	request(".SH SYNOPSIS\n.B %s\n.I COMMAND\n[\\fIFLAGS\\fR]", p.Name)
	request(".SH COMMANDS")
	for _, c := range p.Commands {
		request(".SS \"%s %s\"\n%s.", p.Name, c.Name, roffText(c.Usage))
		request(".PP\n.nf\n%s\n.fi", roffLines(c.Synopsis))
		for _, f := range c.Flags {
			request(".TP\n%s\n%s", roffFlag(f), roffText(plain(f.Usage)))
		}
		if c.Text != "" {
			text, examples, _ := strings.Cut(c.Text, "EXAMPLES\n")
			request(".PP\n.nf\n%s\n.fi", roffLines(strings.TrimRight(text, "\n")))
			if examples != "" {
				request(".PP\nExamples:\n.PP\n.nf\n%s\n.fi", roffLines(examples))
			}
		}
	}
	request(".SH EXIT STATUS")
	pairs(request, p.Statuses)
	request(".SH ENVIRONMENT")
	pairs(request, p.Variables)
	return b.String()
}

// pairs writes a list of terms.
func pairs(request func(string, ...any), list [][2]string) {
	for _, pair := range list {
		request(".TP\n.B %s\n%s", roffText(pair[0]), roffText(pair[1]))
	}
}

// roffFlag writes a flag's names, and its value in italics.
func roffFlag(f Flag) string {
	names := make([]string, len(f.Names))
	for i, name := range f.Names {
		names[i] = `\fB` + roffText("--"+name) + `\fR`
		if f.Value != "" {
			names[i] += ` \fI` + roffText(f.Value) + `\fR`
		}
	}
	return strings.Join(names, ", ")
}

// roffText makes a text one that roff shows as it is, in one line: a hyphen as on a command line, and no request at the
// begin.
func roffText(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ", "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// roffLines makes the lines of a text ones that roff shows as they are.
func roffLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = roffText(line)
	}
	return strings.Join(lines, "\n")
}

// roffArgument makes a text the inside of a quoted argument.
func roffArgument(text string) string { return strings.ReplaceAll(roffText(text), `"`, `\(dq`) }
