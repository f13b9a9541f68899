package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// The help texts' templates; the library's own print much that says nothing here.
const (
	appTemplate = `{{.Name}} {{.Usage}}

USAGE
   {{.Name}} COMMAND [FLAGS]

COMMANDS{{range .Commands}}
   {{.Name}}	{{.Usage}}{{end}}

Exit status: 0, or 1 on an error or a refused token, or 2 on bad usage.
Flags and examples of a command: {{.Name}} help COMMAND
`
	commandTemplate = `jwtctl {{.Name}}: {{.Usage}}

USAGE
   {{.UsageText}}
{{if .VisibleFlags}}
FLAGS{{range .VisibleFlags}}
   {{line .}}{{end}}
{{end}}{{if .Description}}
{{.Description}}
{{end}}`
)

// helpCommand returns "jwtctl help [COMMAND]".
func (t *tool) helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "show the commands, or the flags and examples of one",
		UsageText: "jwtctl help [COMMAND]",
		Action: func(c *cli.Context) error {
			switch c.Args().Len() {
			case 0:
				return t.appHelp(c.App)
			case 1:
				if command := c.App.Command(c.Args().First()); command != nil {
					return t.commandHelp(command)
				}
				return misuse("there is no such command%s", didYouMean(c.Args().First(), "", commandNames(c.App)))
			}
			return misuse("one command is expected")
		},
	}
}

func (t *tool) appHelp(app *cli.App) error {
	cli.HelpPrinterCustom(t.out, appTemplate, app, nil)
	return nil
}

func (t *tool) commandHelp(command *cli.Command) error {
	cli.HelpPrinterCustom(t.out, commandTemplate, command, map[string]any{"line": flagLine})
	return nil
}

// flagLine returns a flag's line of help. That a switch is off unless it is given needs no telling.
func flagLine(f cli.Flag) string { return strings.TrimSuffix(f.String(), " (default: false)") }
