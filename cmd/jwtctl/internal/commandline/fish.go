package commandline

import (
	"fmt"
	"strings"
)

// Fish returns a script that completes the program's command line in fish.
func Fish(p Program) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Completion of %s in fish. To have it:", p.Name)
	line("#   %s completion fish | source", p.Name)
	line("complete -c %s -f", p.Name)
	for _, c := range p.Commands {
		line("complete -c %s -n __fish_use_subcommand -a %s -d %s", p.Name, c.Name, fishQuote(c.Usage))
	}
	for _, c := range p.Commands {
		when := fishQuote("__fish_seen_subcommand_from " + c.Name)
		for _, f := range c.Flags {
			names := ""
			for _, name := range f.Names {
				names += " -l " + name
			}
			line("complete -c %s -n %s%s%s -d %s", p.Name, when, names, fishValue(f), fishQuote(plain(f.Usage)))
		}
		switch {
		case len(c.Words) > 0:
			line("complete -c %s -n %s -a %s", p.Name, when, fishQuote(strings.Join(c.Words, " ")))
		case c.Files == "":
			line("complete -c %s -n %s -F", p.Name, when)
		}
	}
	return b.String()
}

// fishValue says what the flag's value is.
func fishValue(f Flag) string {
	switch f.takes() {
	case takesNothing:
		return ""
	case takesWord:
		return " -x -a " + fishQuote(strings.Join(f.Values, " "))
	case takesFile:
		return " -r -F"
	case takesDirectory:
		return " -x -a " + fishQuote("(__fish_complete_directories)")
	}
	return " -x"
}

// fishQuote makes a text one word: within single quotes fish knows the backslash before a quote and a backslash.
func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
