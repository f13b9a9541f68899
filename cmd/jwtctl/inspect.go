package main

import (
	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/cmd/jwtctl/internal/when"
)

const inspectHelp = `Nothing is verified: anybody could have written what is shown. A broken token is decoded as far as possible, and what
is wrong with it is pointed at; the exit status is 1 then. Warnings do not change it.
TOKEN may have "Bearer" before it; without TOKEN, or for -, it is read from standard input, for @FILE from the file.

EXAMPLES
   jwtctl inspect "$TOKEN"
   jwtctl inspect --json @token.txt`

// inspectCommand returns "jwtctl inspect".
func (t *tool) inspectCommand() *cli.Command {
	return &cli.Command{
		Name: "inspect", Usage: "show what a token says, without trusting it",
		UsageText:   "jwtctl inspect [--output FORMAT] [TOKEN | @FILE | -]",
		Description: inspectHelp,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "now", Usage: "look at it as of `TIME`: 2026-01-31T12:00:00Z, seconds since 1970, or -1h from now (default: now)"},
		}, outputFlags()...),
		Action: t.inspect,
	}
}

// inspect shows one token.
func (t *tool) inspect(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	now := t.now()
	if c.IsSet("now") {
		if now, err = when.Parse(c.String("now"), now); err != nil {
			return misuse("--now %s", err)
		}
	}
	raw, err := t.tokenArgument(c)
	if err != nil {
		return err
	}
	i := inspect.New(raw, now)
	err = t.answer(asJSON, i.Report(), i.Text())
	if err == nil && len(i.Faults) > 0 {
		err = errRefused
	}
	return err
}
