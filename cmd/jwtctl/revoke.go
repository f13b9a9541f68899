package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

const revokeHelp = `Every node of the gateway's cluster refuses the tokens within a second, also after a restart.
--jti ends one token; it stays on the list until "jwtctl revoked prune" finds that --until has passed.
--app ends all tokens of an application, --user those of one of its users, that were issued before --at, or do not say
when (no "iat").

EXAMPLES
   jwtctl revoke --admin http://127.0.0.1:9400 --jti 3q2-7w.x8Fh --until +15m
   jwtctl revoke --admin http://127.0.0.1:9400 --app shop --user alice`

// listedFor is how long a token stays on the list where its expiry is not given.
const listedFor = 366 * 24 * time.Hour

// revokeCommand is "jwtctl revoke".
func (t *tool) revokeCommand() *cli.Command {
	return &cli.Command{
		Name: "revoke", Usage: "end tokens before their time, at a gateway",
		UsageText:   "jwtctl revoke --admin URL (--jti ID [--until TIME] | --app NAME [--user NAME] [--at TIME])",
		Description: revokeHelp,
		Flags: []cli.Flag{
			adminFlag(),
			&cli.StringFlag{Name: "jti", Usage: "`ID` of the token, its jti"},
			&cli.StringFlag{Name: "until", Usage: "`TIME` at which the token expires: 2026-01-31T12:00:00Z, seconds since 1970, or +15m from now (default: in 366 days)"},
			&cli.StringFlag{Name: "app", Usage: "`NAME` of the application"},
			&cli.StringFlag{Name: "user", Usage: "`NAME` of its user (default: all of them)"},
			&cli.StringFlag{Name: "at", Usage: "`TIME` before which tokens were issued (default: the next second, so that all are ended that there are)"},
		},
		Action: t.revoke,
	}
}

// revoke ends tokens.
func (t *tool) revoke(c *cli.Context) error {
	hash, field, value, err := t.revocation(c)
	if err != nil {
		return err
	}
	a, err := t.admin(c)
	if err != nil {
		return err
	}
	if err := a.set(hash, field, strconv.FormatInt(value.Unix(), 10)); err != nil {
		return err
	}
	text := fmt.Sprintf("ended: token %s, listed until %s\n", field, value.UTC().Format(time.RFC3339))
	if hash == hashNotBefore {
		text = fmt.Sprintf("ended: tokens of %s issued before %s\n", field, value.UTC().Format(time.RFC3339))
	}
	_, err = fmt.Fprint(t.out, safe(text))
	return err
}

// revocation is the field that the flags ask for.
func (t *tool) revocation(c *cli.Context) (hash, field string, value time.Time, err error) {
	none := func(message string) (string, string, time.Time, error) {
		return "", "", time.Time{}, misuse("%s", message)
	}
	if err := noArguments(c); err != nil {
		return "", "", time.Time{}, err
	}
	jti, app, user, now := c.String("jti"), c.String("app"), c.String("user"), t.now()
	switch {
	case (jti == "") == (app == ""):
		return none("give --jti, or --app")
	case jti != "" && (c.IsSet("user") || c.IsSet("at")):
		return none("--user and --at belong to --app")
	case app != "" && c.IsSet("until"):
		return none("--until belongs to --jti")
	case c.IsSet("user") && user == "":
		return none("--user is empty; leave it out for all users")
	case jti != "":
		value, err = whenFlag(c, "until", now, now.Add(listedFor))
		return hashRevoked, url.PathEscape(jti), value, err
	}
	value, err = whenFlag(c, "at", now, now.Truncate(time.Second).Add(time.Second))
	field = url.PathEscape(strings.TrimSuffix(app, "@app"))
	if user != "" {
		field += "|" + url.PathEscape(user)
	}
	return hashNotBefore, field, value, err
}

// whenFlag reads a time.
func whenFlag(c *cli.Context, name string, now, otherwise time.Time) (time.Time, error) {
	if !c.IsSet(name) {
		return otherwise, nil
	}
	when, err := parseWhen(c.String(name), now)
	if err != nil {
		return time.Time{}, misuse("--%s %s", name, err)
	}
	return when, nil
}
