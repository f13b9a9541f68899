package commandline

import (
	"fmt"
	"strings"
)

// Bash returns a script that completes the program's command line in bash 4 or newer.
func Bash(p Program) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Completion of %s in bash. To have it:", p.Name)
	line("#   source <(%s completion bash)", p.Name)
	line("_%s() {", p.Name)
	line("    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}")
	line("    COMPREPLY=()")
	line("    if ((COMP_CWORD == 1)); then")
	line("        _%s_words %s", p.Name, strings.Join(p.names(), " "))
	line("        return")
	line("    fi")
	line("    # --flag=value comes as three words")
	line("    if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi")
	line(`    case "$command $before" in`)
	for _, c := range p.Commands {
		bashValues(line, p, c)
	}
	line("    esac")
	line("    case $command in")
	for _, c := range p.Commands {
		line("    %s)", c.Name)
		line("        if [[ $word == -* ]]; then %s", bashFlags(p, c))
		switch {
		case len(c.Words) > 0:
			line("        else _%s_words %s", p.Name, strings.Join(c.Words, " "))
		case c.Files != NoFiles && c.Files != "":
			line("        elif [[ $word == %s* ]]; then word=${word#%s}; _%s_files -f %s", c.Files, c.Files, p.Name, c.Files)
		case c.Files == "":
			line("        else _%s_files -f", p.Name)
		}
		line("        fi ;;")
	}
	line("    esac")
	line("}")
	line("# The words that begin with $word.")
	line("_%s_words() { mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$word\"); }", p.Name)
	line("# The files (-f) or directories (-d) that begin with $word, behind a prefix.")
	line("_%s_files() {", p.Name)
	line("    compopt -o filenames 2>/dev/null")
	line(`    mapfile -t COMPREPLY < <(compgen -P "${2-}" "$1" -- "$word")`)
	line("}")
	line("complete -F _%s %s", p.Name, p.Name)
	return b.String()
}

// bashFlags completes the names of a command's flags.
func bashFlags(p Program, c Command) string {
	if len(c.Flags) == 0 {
		return ":"
	}
	return fmt.Sprintf("_%s_words %s", p.Name, strings.Join(c.words(), " "))
}

// bashValues writes how the values of a command's flags are completed.
func bashValues(line func(string, ...any), p Program, c Command) {
	for _, f := range c.Flags {
		kind := f.takes()
		if kind == takesNothing {
			continue
		}
		patterns := make([]string, 0, 2*len(f.Names))
		for _, name := range f.Names {
			patterns = append(patterns, fmt.Sprintf("'%s --%s'", c.Name, name), fmt.Sprintf("'%s -%s'", c.Name, name))
		}
		does := ""
		switch kind {
		case takesWord:
			does = fmt.Sprintf("_%s_words %s; ", p.Name, strings.Join(f.Values, " "))
		case takesFile:
			does = fmt.Sprintf("_%s_files -f; ", p.Name)
		case takesDirectory:
			does = fmt.Sprintf("_%s_files -d; ", p.Name)
		}
		line("    %s) %sreturn ;;", strings.Join(patterns, "|"), does)
	}
}
