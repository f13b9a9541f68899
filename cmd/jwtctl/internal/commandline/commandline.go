// Package commandline writes what a shell and a reader of manuals need to know of a program's commands: completion scripts and
// a manual page. It is given a description of the commands, made of their own flags.
package commandline

import "slices"

// Program is a program with commands.
type Program struct {
	Name     string
	Usage    string // What it does, in one line without the name.
	Version  string
	Commands []Command
	// Variables are the environment variables that it reads, each with what it is for.
	Variables [][2]string
	// Statuses are the exit statuses, each with what it means.
	Statuses [][2]string
}

// Command is a command of a program.
type Command struct {
	Name     string
	Usage    string // What it does, in one line.
	Synopsis string // How it is written, with its name.
	Text     string // The help text.
	Flags    []Flag
	Words    []string // What its argument may be; nil: anything.
	Files    string   // Arguments are names of files behind this, as "@"; NoFiles: they are none.
}

// NoFiles says that arguments are no files.
const NoFiles = "-"

// Flag is a flag of a command.
type Flag struct {
	Names    []string // Without dashes, the main one first.
	Usage    string   // What it does, with the placeholder in backticks, if it has one.
	Value    string   // Placeholder of its value; empty: it has none.
	Values   []string // What its value may be; nil: anything.
	Repeated bool     // It may be given again.
}

// takes is the kind of a flag's value.
type takes uint8

const (
	takesNothing takes = iota
	takesText          // Anything: a shell completes nothing.
	takesWord          // One of a list.
	takesFile
	takesDirectory
)

// takes returns the kind of the flag's value, by its placeholder.
func (f Flag) takes() takes {
	switch {
	case f.Value == "":
		return takesNothing
	case len(f.Values) > 0:
		return takesWord
	case slices.Contains([]string{"FILE", "PREFIX"}, f.Value):
		return takesFile
	case f.Value == "DIR":
		return takesDirectory
	}
	return takesText
}

// words returns the flags as they are written, each name.
func (c Command) words() []string {
	var list []string
	for _, f := range c.Flags {
		for _, name := range f.Names {
			list = append(list, "--"+name)
		}
	}
	return list
}

// names lists the commands.
func (p Program) names() []string {
	list := make([]string, len(p.Commands))
	for i, c := range p.Commands {
		list[i] = c.Name
	}
	return list
}
