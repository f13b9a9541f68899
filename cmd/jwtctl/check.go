package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/stored"
	"apinto-jwt/rule"
)

const checkHelp = `Run it before this driver takes the place of Apinto's builtin "jwt": against the admin API of the running gateway, or on the data
directory of one that has been stopped. Nothing is changed. For each entry of type "jwt" it tells:
   lost       the builtin accepts tokens under the entry; here it is set aside and accepts none, until it is corrected
   set aside  the same, but the builtin accepts none either
   opens      tokens are accepted here, the builtin accepts none
   differs    some tokens are judged in another way
   warning    nothing changes, but something is doubtful
The other entries of an application stay in force. What goes for every entry is in docs/migration.md.
Exit status 1 if there is more than warnings.

EXAMPLES
   jwtctl check --admin http://127.0.0.1:9400
   jwtctl check --data /var/lib/apinto --json`

// checkCommand returns "jwtctl check".
func (t *tool) checkCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "tell what becomes of stored applications when this driver replaces the builtin",
		UsageText:   "jwtctl check (--admin URL | --data DIR) [--output FORMAT]",
		Description: checkHelp,
		Flags: slices.Concat(
			[]cli.Flag{adminFlag(), &cli.StringFlag{Name: "data", Usage: "data directory `DIR` of a gateway that does not run"}},
			outputFlags(),
		),
		Action: t.check,
	}
}

// reviewed holds the findings of the check for an application.
type reviewed struct {
	Application string         `json:"application"`
	Findings    []rule.Finding `json:"findings"`
	Error       string         `json:"error,omitempty"` // it cannot be read
}

// check reviews every application.
func (t *tool) check(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err := cmp.Or(err, noArguments(c), exclusive(c, "admin", "data")); err != nil {
		return err
	}
	if !c.IsSet("admin") && !c.IsSet("data") && t.getenv(adminVariable) == "" {
		return misuse("--admin or --data is needed")
	}
	apps, err := t.applications(c)
	if err != nil {
		return err
	}
	slices.SortFunc(apps, func(a, b stored.App) int { return strings.Compare(a.ID, b.ID) })
	list := make([]reviewed, 0, len(apps))
	for _, app := range apps {
		r := reviewed{Application: app.ID, Findings: []rule.Finding{}}
		findings, err := rule.Review(app.Text)
		if err != nil {
			r.Error = err.Error()
		}
		r.Findings = append(r.Findings, findings...)
		list = append(list, r)
	}
	err = t.answer(asJSON, list, screen.Safe(checkText(list)))
	if err == nil && slices.ContainsFunc(list, reviewed.matters) {
		err = errRefused
	}
	return err
}

// applications reads what is stored.
func (t *tool) applications(c *cli.Context) ([]stored.App, error) {
	if c.IsSet("data") {
		return stored.In(c.String("data"))
	}
	a, err := t.admin(c)
	if err != nil {
		return nil, err
	}
	return stored.At(a)
}

// matters reports whether there is more than warnings.
func (r reviewed) matters() bool {
	return r.Error != "" || slices.ContainsFunc(r.Findings, func(f rule.Finding) bool { return f.Effect != rule.EffectWarning })
}

// checkText returns the answer for people.
func checkText(list []reviewed) string {
	var b strings.Builder
	counts := make(map[rule.Effect]int)
	for _, r := range list {
		if r.Error != "" {
			fmt.Fprintf(&b, "%s: cannot be read: %s\n", screen.OneLine(r.Application), screen.OneLine(r.Error))
		}
		for _, f := range r.Findings {
			counts[f.Effect]++
			fmt.Fprintf(&b, "%s: auth[%d] (%s): %s: %s\n", screen.OneLine(r.Application), f.Index, screen.OneLine(f.Entry), f.Effect, screen.OneLine(f.Text))
		}
	}
	fmt.Fprintf(&b, "%d applications", len(list))
	for _, effect := range []rule.Effect{rule.EffectLost, rule.EffectSetAside, rule.EffectOpens, rule.EffectDiffers, rule.EffectWarning} {
		fmt.Fprintf(&b, ", %s %d", effect, counts[effect])
	}
	b.WriteString("\n")
	return b.String()
}
