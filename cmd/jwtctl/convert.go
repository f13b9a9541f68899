package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/convert"
	"apinto-jwt/cmd/jwtctl/internal/files"
	"apinto-jwt/cmd/jwtctl/internal/screen"
)

const convertHelp = `It makes applications of what FILE, JSON or YAML, says of tokens, and tells on standard error what no application carries, and why.
The calls of the admin API are printed as a script that wants the address in ADMIN, or with --dir are written to a file each, which only
you can read: they have the secrets of FILE. The gateway is not asked. Every entry is one that it takes; what it would refuse is left out
and told. Routes and services are not converted. docs/convert.md says what becomes of what.

EXAMPLES
   jwtctl convert --from kong kong.yaml > calls.sh && ADMIN=http://127.0.0.1:9400 sh calls.sh
   jwtctl convert --from istio --dir apps request-authentication.yaml && jwtctl lint apps`

// convertCommand returns "jwtctl convert".
func (t *tool) convertCommand() *cli.Command {
	return &cli.Command{
		Name: "convert", Usage: "make applications of another gateway's configuration",
		UsageText:   "jwtctl convert --from SOURCE [--dir DIR [--force]] [--output FORMAT] FILE",
		Description: convertHelp,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "from", Usage: "`SOURCE` of the file: " + strings.Join(convert.Sources(), ", ")},
			&cli.StringFlag{Name: "dir", Usage: "write a file for each application into `DIR`, which is there"},
			&cli.BoolFlag{Name: "force", Usage: "replace files that exist"},
		}, outputFlags()...),
		Action: t.convert,
	}
}

// convert converts one file.
func (t *tool) convert(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(convert.Sources(), c.String("from")):
		return misuse("--from is none of %s", strings.Join(convert.Sources(), ", "))
	case c.Args().Len() != 1:
		return misuse("one file is expected, or - for standard input")
	case c.Bool("force") && !c.IsSet("dir"):
		return misuse("--force goes with --dir")
	}
	text, err := t.readUpTo(maxDocuments, "the file", c.Args().First())
	if err != nil {
		return err
	}
	result, err := convert.From(c.String("from"), text)
	if err != nil {
		return fmt.Errorf("the file %w", err)
	}
	if c.IsSet("dir") {
		err = t.writeCalls(c.String("dir"), result, c.Bool("force"), asJSON)
	} else {
		err = t.answer(asJSON, result, convert.Script(result))
	}
	if err == nil && !asJSON {
		for _, left := range result.Left {
			opens := ""
			if left.Opens {
				opens = "demands more: "
			}
			_, err = fmt.Fprintf(t.err, "%s%s: %s\n", opens, screen.Safe(screen.OneLine(left.Field)), screen.Safe(screen.OneLine(left.Why)))
		}
	}
	if err == nil && len(result.Calls) == 0 {
		err = errRefused
	}
	return err
}

// writeCalls writes the body of each call to a file of its own and prints the names.
func (t *tool) writeCalls(dir string, result *convert.Result, force, asJSON bool) error {
	var names []string
	for _, call := range result.Calls {
		name := filepath.Join(dir, call.Name+".json")
		if err := files.Write(name, convert.Indented(call.Body), privateMode, force); err != nil {
			return fmt.Errorf("--dir: %w", err)
		}
		names = append(names, name)
	}
	return t.answer(asJSON, map[string]any{"files": append([]string{}, names...), "left": append([]convert.Left{}, result.Left...)}, strings.Join(append(names, ""), "\n"))
}
