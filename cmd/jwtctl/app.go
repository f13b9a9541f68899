package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/internal/configjson"
)

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1 // an error, a refused token, or one with faults
	exitUsage  = 2 // the command line cannot be understood
)

// errRefused ends a command whose answer, already written, is no.
var errRefused = errors.New("refused")

// usageError is a fault of the command line. Its text never shows what may be a token, a secret or a key that was put
// in the wrong place: it names flags and what they want.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// misuse makes a usageError. It is the one constructor.
func misuse(format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// tool is one run of the program: everything that it touches.
type tool struct {
	in        io.Reader
	out, err  io.Writer
	now       func() time.Time
	getenv    func(string) string
	inReadFor string // what standard input has been read for
}

// run runs the program without its process.
func run(args []string, in io.Reader, out, err io.Writer) int {
	t := &tool{in: in, out: out, err: err, now: time.Now, getenv: os.Getenv}
	return t.run(args)
}

// run obeys a command line, whose first element is the program's name, and is the exit status.
func (t *tool) run(args []string) int {
	app := t.app()
	command := ""
	if len(args) > 1 && app.Command(args[1]) != nil {
		command = " " + args[1]
		args = append(args[:2:2], flagsFirst(app.Command(args[1]).Flags, args[2:])...)
	}
	err := app.Run(args)
	var usage *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errRefused):
		return exitFailed
	case errors.As(err, &usage):
		topic := strings.TrimSuffix(command, " help")
		_, _ = fmt.Fprintf(t.err, "jwtctl%s: %s\nTry: jwtctl help%s\n", command, screen.Safe(usage.text), topic)
		return exitUsage
	}
	_, _ = fmt.Fprintf(t.err, "jwtctl%s: %s\n", command, screen.Safe(err.Error()))
	return exitFailed
}

// app describes the command line. The library's own help and version are left out, as they are global variables that
// each run would change.
func (t *tool) app() *cli.App {
	app := &cli.App{
		Name: "jwtctl", Usage: "makes, reads and checks JSON Web Tokens as the gateway's JWT driver does",
		Commands: []*cli.Command{
			t.signCommand(), t.inspectCommand(), t.verifyCommand(), t.explainCommand(), t.watchCommand(), t.keygenCommand(), t.passwordCommand(), t.revokeCommand(),
			t.revokedCommand(), t.checkCommand(), t.lintCommand(), t.convertCommand(),
			t.completionCommand(), t.manCommand(), t.versionCommand(), t.helpCommand(),
		},
		HideHelp: true, HideHelpCommand: true, HideVersion: true,
		Reader: t.in, Writer: t.out, ErrWriter: t.err,
		OnUsageError:   t.onUsageError,
		ExitErrHandler: func(*cli.Context, error) {}, // run decides the exit status
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return misuse("there is no such command%s", didYouMean(c.Args().First(), "", commandNames(c.App)))
			}
			return misuse("a command is needed: %s", strings.Join(commandNames(c.App), ", "))
		},
	}
	for _, command := range app.Commands {
		command.HideHelp, command.HideHelpCommand = true, true
		command.OnUsageError = t.onUsageError
	}
	return app
}

// onUsageError takes over what the flags' parser says. It asks for help by an error of its own, as -h is not ours.
func (t *tool) onUsageError(c *cli.Context, err error, isSubcommand bool) error {
	if !errors.Is(err, flag.ErrHelp) {
		name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
		if !unknown || c.Command == nil {
			return misuse("%s", err)
		}
		return misuse("%s%s", err, didYouMean(strings.TrimPrefix(name, "-"), "--", flagNames(c.Command.Flags)))
	}
	if isSubcommand {
		return t.commandHelp(c.Command)
	}
	return t.appHelp(c.App)
}

// didYouMean says which of the names somebody may have meant, or nothing. What was written is not shown.
func didYouMean(written, dashes string, names []string) string {
	if near := configjson.MeantField(written, names); near != "" {
		return ": did you mean " + dashes + near + "?"
	}
	return ""
}

// warn writes a line that does not change the answer.
func (t *tool) warn(format string, args ...any) {
	_, _ = fmt.Fprintf(t.err, "jwtctl: warning: "+format+"\n", args...)
}
