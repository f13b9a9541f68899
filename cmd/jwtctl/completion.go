package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/commandline"
	"apinto-jwt/cmd/jwtctl/internal/convert"
	"apinto-jwt/cmd/jwtctl/internal/lint"
	"apinto-jwt/keys"
)

const completionHelp = `The script knows the commands, their flags, and the values and files that flags take.

EXAMPLES
   source <(jwtctl completion bash)
   jwtctl completion zsh > "${fpath[1]}/_jwtctl"
   jwtctl completion fish > ~/.config/fish/completions/jwtctl.fish`

// The shells.
var shells = map[string]func(commandline.Program) string{"bash": commandline.Bash, "zsh": commandline.Zsh, "fish": commandline.Fish}

// completionCommand returns "jwtctl completion".
func (t *tool) completionCommand() *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a script that completes command lines in a shell",
		UsageText:   "jwtctl completion (bash | zsh | fish)",
		Description: completionHelp,
		Action: func(c *cli.Context) error {
			script, ok := shells[c.Args().First()]
			if !ok || c.Args().Len() != 1 {
				return misuse("bash, zsh or fish is expected")
			}
			return t.answer(false, nil, script(describe(c.App)))
		},
	}
}

// manCommand returns "jwtctl man".
func (t *tool) manCommand() *cli.Command {
	return &cli.Command{
		Name: "man", Usage: "print the manual page",
		UsageText:   "jwtctl man",
		Description: "The page has what the help of all commands has, as roff.\n\nEXAMPLES\n   jwtctl man > jwtctl.1 && man ./jwtctl.1",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return t.answer(false, nil, commandline.Man(describe(c.App)))
		},
	}
}

// describe describes the commands, of their own flags.
func describe(app *cli.App) commandline.Program {
	p := commandline.Program{
		Name: app.Name, Usage: app.Usage, Version: ownVersion(),
		Statuses: [][2]string{{"0", "It is done, or the answer is yes."}, {"1", "An error, a refused token, or findings."}, {"2", "The command line cannot be understood."}},
		Variables: [][2]string{
			{secretVariable, "The shared secret, in the place of --secret."},
			{adminVariable, "The address of the admin API, in the place of --admin."},
			{"NO_COLOR", "If it is set and not empty, nothing is coloured."},
		},
	}
	for _, command := range app.Commands {
		c := commandline.Command{
			Name: command.Name, Usage: command.Usage, Synopsis: command.UsageText, Text: command.Description,
			Words: words(app, command.Name), Files: filesOf(command.UsageText),
		}
		for _, f := range command.VisibleFlags() {
			c.Flags = append(c.Flags, describeFlag(f))
		}
		p.Commands = append(p.Commands, c)
	}
	return p
}

// describeFlag describes a flag. Its placeholder stands in backticks in its usage.
func describeFlag(f cli.Flag) commandline.Flag {
	d := commandline.Flag{Names: f.Names()}
	if documented, ok := f.(cli.DocGenerationFlag); ok {
		d.Usage = documented.GetUsage()
	}
	if generic, ok := f.(*cli.GenericFlag); ok {
		_, d.Repeated = generic.Value.(*repeated)
	}
	if wantsValue([]cli.Flag{f}, d.Names[0]) {
		d.Value = "TEXT"
		if parts := strings.SplitN(d.Usage, "`", 3); len(parts) == 3 {
			d.Value = parts[1]
		}
		d.Values = valuesOf(d)
	}
	return d
}

// valuesOf returns what the value of a flag may be, if it is one of a list.
func valuesOf(f commandline.Flag) []string {
	switch f.Value {
	case "ALG":
		names := make([]string, 0, len(keys.Algorithms()))
		for _, a := range keys.Algorithms() {
			names = append(names, string(a))
		}
		return names
	case "SEVERITY":
		return []string{string(lint.Error), string(lint.Warning), string(lint.Note)}
	case "SOURCE":
		return convert.Sources()
	case "FORMAT":
		forms := []string{formatText, formatJSON}
		if strings.Contains(f.Usage, formatSARIF) {
			forms = append(forms, formatSARIF)
		}
		return forms
	}
	return nil
}

// words returns what the argument of a command may be; nil: anything.
func words(app *cli.App, command string) []string {
	switch command {
	case "revoked":
		return []string{"list", "prune"}
	case "completion":
		return slices.Sorted(maps.Keys(shells))
	case "help":
		return commandNames(app)
	}
	return nil
}

// filesOf says what files a command takes as arguments, by how it is written.
func filesOf(usage string) string {
	switch {
	case strings.Contains(usage, "@FILE"):
		return "@"
	case strings.Contains(usage, "FILE…"), strings.HasSuffix(usage, " FILE"):
		return ""
	}
	return commandline.NoFiles
}

// commandNames lists the commands.
func commandNames(app *cli.App) []string {
	names := make([]string, len(app.Commands))
	for i, command := range app.Commands {
		names[i] = command.Name
	}
	return names
}
