package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/cmd/jwtctl/internal/lint"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/stored"
)

const lintHelp = `It reads what a running gateway has stored (--admin), the data directory of one that does not run (--data), or files of JSON as the
admin API takes them: applications, routers, templates, strategies, the list of plugins; a directory stands for its *.json.
Of files it looks at what is in them: without the list of plugins it says nothing of plugins. Nothing is changed.
Nobody but the gateway is asked. With --online the address of each key set is asked too, once: what it answers, and its clock.
docs/lint.md has every finding with its ID, and what is not looked at.

What the admin API does not tell, and lint does not say:
   when a key, a rule or a user was last used
   which build of the cache strategy's plugin runs, and whether the host is the edited one
   what stands in a key set that is fetched, beyond what the status page says of it
   a configuration in a variable of the host ("${name}"), which is taken as it stands
Without this driver (Apinto's builtin "jwt") there is no status page: what comes from there is left out.

Exit status 1 if there is a finding of --fail-on or worse.

EXAMPLES
   jwtctl lint --admin http://127.0.0.1:9400
   jwtctl lint --admin http://127.0.0.1:9400 --online --skip JWT042 --fail-on error
   jwtctl lint --format sarif apps/ plugins.json > lint.sarif`

// formatSARIF is a form of lint's answer beside those of every command.
const formatSARIF = "sarif"

// lintCommand returns "jwtctl lint".
func (t *tool) lintCommand() *cli.Command {
	return &cli.Command{
		Name: "lint", Usage: "find what is wrong, or rarely meant, in a gateway's configuration",
		UsageText:   "jwtctl lint (--admin URL | --data DIR | FILE…) [--online] [--fail-on SEVERITY] [--skip ID] [--output FORMAT]",
		Description: lintHelp,
		Flags: []cli.Flag{
			adminFlag(),
			&cli.StringFlag{Name: "data", Usage: "data directory `DIR` of a gateway that does not run"},
			&cli.BoolFlag{Name: "online", Usage: "ask the address of each key set, once"},
			&cli.StringFlag{Name: "fail-on", Value: string(lint.Warning), DefaultText: string(lint.Warning), Usage: "`SEVERITY` from which on the exit status is 1: error, warning or note"},
			repeatedFlag("skip", "leave findings with this `ID` out"),
			&cli.StringFlag{Name: "output", Aliases: []string{"format"}, Value: formatText, DefaultText: formatText, Usage: "`FORMAT` of the answer: text, json or sarif (SARIF 2.1.0)"},
			&cli.BoolFlag{Name: "json", Usage: "the same as --output json"},
		},
		Action: t.lint,
	}
}

// lint reads and tells the findings.
func (t *tool) lint(c *cli.Context) error {
	least, format, err := lintFlags(c)
	if err != nil {
		return err
	}
	in, err := t.lintInput(c)
	if err != nil {
		return err
	}
	if c.Bool("online") {
		in.Issuers = make(map[string]lint.Answer)
		for address, authorities := range lint.Addresses(in) {
			in.Issuers[address] = askOnce(address, authorities)
		}
	}
	skipped := repeatedValues(c, "skip")
	findings := slices.DeleteFunc(lint.Run(in), func(f lint.Finding) bool { return slices.Contains(skipped, f.ID) })
	switch format {
	case formatJSON:
		err = screen.WriteJSON(t.out, append([]lint.Finding{}, findings...))
	case formatSARIF:
		err = screen.WriteJSON(t.out, lint.SARIF(findings, ownVersion()))
	default:
		_, err = fmt.Fprint(t.out, t.lintText(findings))
	}
	if err == nil && slices.ContainsFunc(findings, func(f lint.Finding) bool { return f.Severity.AtLeast(least) }) {
		err = errRefused
	}
	return err
}

// lintFlags reads the flags that choose and show.
func lintFlags(c *cli.Context) (least lint.Severity, format string, err error) {
	least, format = lint.Severity(c.String("fail-on")), c.String("output")
	if c.Bool("json") {
		format = formatJSON
	}
	switch {
	case !slices.Contains(lint.Severities(), least):
		return "", "", misuse("--fail-on is none of error, warning, note")
	case format != formatText && format != formatJSON && format != formatSARIF:
		return "", "", misuse("--output is none of text, json, sarif")
	}
	for _, id := range repeatedValues(c, "skip") {
		if !lint.Known(id) {
			return "", "", misuse("--skip has an ID that no finding has, of those that docs/lint.md lists")
		}
	}
	return least, format, nil
}

// lintText returns the answer for people, with colours if there may be.
func (t *tool) lintText(findings []lint.Finding) string {
	safe := make([]lint.Finding, len(findings))
	for i, f := range findings {
		f.Object, f.Entry, f.Field, f.What = screen.Safe(f.Object), screen.Safe(f.Entry), screen.Safe(f.Field), screen.Safe(f.What)
		safe[i] = f
	}
	if !screen.Coloured(t.out, t.getenv) {
		return lint.Text(safe, nil)
	}
	colours := map[lint.Severity]screen.Colour{lint.Error: screen.Red, lint.Warning: screen.Yellow, lint.Note: screen.Cyan}
	return lint.Text(safe, func(s lint.Severity) string { return colours[s].In(string(s)) })
}

// lintInput reads what is to be looked at.
func (t *tool) lintInput(c *cli.Context) (*lint.Input, error) {
	in := &lint.Input{Now: t.now()}
	switch {
	case c.Args().Present():
		if c.IsSet("admin") || c.IsSet("data") {
			return nil, misuse("files, --admin and --data rule one another out")
		}
		return in, t.lintFiles(in, c.Args().Slice())
	case c.IsSet("data"):
		if err := exclusive(c, "admin", "data"); err != nil {
			return nil, err
		}
		workers, err := stored.Workers(c.String("data"))
		for _, worker := range workers {
			in.Add(worker.Profession, worker.ID, worker.Text)
		}
		return in, err
	case c.String("admin") == "" && t.getenv(adminVariable) == "":
		return nil, misuse("--admin, --data or files are needed")
	}
	a, err := t.admin(c)
	if err != nil {
		return nil, err
	}
	return in, lintGateway(in, a)
}

// lintGateway reads what a running gateway has.
func lintGateway(in *lint.Input, a *admin.API) error {
	status, err := a.Status()
	if err != nil {
		return err
	}
	in.Gateway = &lint.Gateway{Date: status.Date, Asked: status.At, Status: status.Text}
	for _, profession := range lint.Professions() {
		workers, err := a.Stored(profession)
		if err != nil {
			return err
		}
		for _, worker := range workers {
			in.Add(profession, worker.ID, worker.Text)
		}
	}
	plugins, err := a.Setting("plugin")
	if err == nil && !in.AddPlugins(plugins) {
		err = errors.New("admin API: the answer is no list of plugins")
	}
	return err
}

// lintFiles reads files, and those of directories.
func (t *tool) lintFiles(in *lint.Input, names []string) error {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			found, err := filepath.Glob(filepath.Join(name, "*.json"))
			if err == nil {
				err = cmp.Or(noneFound(found), t.lintFiles(in, found))
			}
			if err != nil {
				return err
			}
			continue
		}
		text, err := t.readUpTo(maxDocuments, "the file", name)
		if err != nil {
			return err
		}
		if strange := in.AddFile(name, text); strange > 0 {
			return fmt.Errorf("%s: %s are neither application, router, template, strategy nor list of plugins", filepath.Base(name), inspect.Count(strange, "document"))
		}
	}
	return nil
}

// noneFound is the error of a directory without files.
func noneFound(names []string) error {
	if len(names) == 0 {
		return errors.New("the directory has no *.json")
	}
	return nil
}
