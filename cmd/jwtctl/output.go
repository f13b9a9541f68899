package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/screen"
)

// The forms of an answer.
const (
	formatText = "text"
	formatJSON = "json"
)

// outputFlags choose the form of the answer.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "output", Value: formatText, DefaultText: formatText, Usage: "`FORMAT` of the answer: text or json"},
		&cli.BoolFlag{Name: "json", Usage: "the same as --output json"},
	}
}

// wantsJSON reports whether the flags ask for JSON.
func wantsJSON(c *cli.Context) (bool, error) {
	switch output := c.String("output"); {
	case output != formatText && output != formatJSON:
		return false, misuse("--output is none of text, json")
	case c.IsSet("output") && output == formatText && c.Bool("json"):
		return false, misuse("--output text and --json rule one another out")
	default:
		return output == formatJSON || c.Bool("json"), nil
	}
}

// answer writes an answer, as JSON or as text.
func (t *tool) answer(asJSON bool, value any, text string) error {
	if asJSON {
		return screen.WriteJSON(t.out, value)
	}
	_, err := fmt.Fprint(t.out, text)
	return err
}
