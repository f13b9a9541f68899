package commandline

import (
	"fmt"
	"strings"
)

// Zsh returns a script that completes the program's command line in zsh, as a file in the function path or sourced.
func Zsh(p Program) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("#compdef %s", p.Name)
	line("# Completion of %s in zsh. To have it, behind compinit:", p.Name)
	line("#   source <(%s completion zsh)", p.Name)
	line("_%s() {", p.Name)
	line("    local -a commands=(")
	for _, c := range p.Commands {
		line("        %s", zshQuote(c.Name+":"+zshEscape(c.Usage, ":")))
	}
	line("    )")
	line("    if ((CURRENT == 2)); then")
	line("        _describe -t commands command commands")
	line("        return")
	line("    fi")
	line("    local command=$words[2]")
	line("    shift words")
	line("    ((CURRENT--))")
	line("    case $command in")
	for _, c := range p.Commands {
		line("    %s)", c.Name)
		specs := []string{"_arguments"}
		for _, f := range c.Flags {
			for _, name := range f.Names {
				specs = append(specs, zshFlag(f, name))
			}
		}
		switch {
		case len(c.Words) > 0:
			specs = append(specs, zshQuote("*:argument:("+strings.Join(c.Words, " ")+")"))
		case c.Files == "":
			specs = append(specs, zshQuote("*:file:_files"))
		case c.Files != NoFiles:
			specs = append(specs, zshQuote("*:file:_files -P "+c.Files))
		}
		line("        %s ;;", strings.Join(specs, " \\\n            "))
	}
	line("    esac")
	line("}")
	line(`if [[ $funcstack[1] == _%s ]]; then _%s "$@"; else compdef _%s %s; fi`, p.Name, p.Name, p.Name, p.Name)
	return b.String()
}

// zshFlag returns the specification of a flag under one of its names, as _arguments takes it.
func zshFlag(f Flag, name string) string {
	spec := "--" + name + "[" + zshEscape(plain(f.Usage), "[]:") + "]"
	if f.Repeated {
		spec = "*" + spec
	}
	switch f.takes() {
	case takesNothing:
	case takesWord:
		spec += ":" + f.Value + ":(" + strings.Join(f.Values, " ") + ")"
	case takesFile:
		spec += ":" + f.Value + ":_files"
	case takesDirectory:
		spec += ":" + f.Value + ":_files -/"
	default:
		spec += ":" + zshEscape(f.Value, ":") + ": "
	}
	return zshQuote(spec)
}

// zshEscape puts a backslash before backslashes and these characters.
func zshEscape(text, special string) string {
	var b strings.Builder
	for _, c := range text {
		if c == '\\' || strings.ContainsRune(special, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// zshQuote makes a text one word of a shell.
func zshQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// plain returns a flag's usage without the marks of its placeholder.
func plain(usage string) string { return strings.ReplaceAll(usage, "`", "") }
