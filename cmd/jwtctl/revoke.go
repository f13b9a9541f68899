package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/internal/appid"
)

const revokeHelp = `Every node of the gateway's cluster refuses the tokens within a second, also after a restart.
--jti ends one token; it stays on the list until "jwtctl revoked prune" finds that --until has passed.
--app ends all tokens of an application, --user those of one of its users, that were issued before --at, or do not say
when (no "iat"). The application's name is taken without regard to case, as the gateway takes it.
An application or a user that is not there is not ended, nor a token that has expired: --force lists them all the same.
The gateway keeps no list of tokens, and cannot tell whether there is one with a jti.

EXAMPLES
   jwtctl revoke --admin http://127.0.0.1:9400 --jti 3q2-7w.x8Fh --until +15m
   jwtctl revoke --admin http://127.0.0.1:9400 --app shop --user alice`

// listedFor is how long a token stays on the list where its expiry is not given.
const listedFor = 366 * 24 * time.Hour

// revokeCommand is "jwtctl revoke".
func (t *tool) revokeCommand() *cli.Command {
	return &cli.Command{
		Name: "revoke", Usage: "end tokens before their time, at a gateway",
		UsageText:   "jwtctl revoke --admin URL (--jti ID [--until TIME] | --app NAME [--user NAME] [--at TIME]) [--force]",
		Description: revokeHelp,
		Flags: []cli.Flag{
			adminFlag(),
			&cli.StringFlag{Name: "jti", Usage: "`ID` of the token, its jti"},
			&cli.StringFlag{Name: "until", Usage: "`TIME` at which the token expires: 2026-01-31T12:00:00Z, seconds since 1970, or +15m from now (default: in 366 days)"},
			&cli.StringFlag{Name: "app", Usage: "`NAME` of the application"},
			&cli.StringFlag{Name: "user", Usage: "`NAME` of its user (default: all of them)"},
			&cli.BoolFlag{Name: "force", Usage: "list what is not there, or not yet, and what has expired"},
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
	if !c.Bool("force") {
		if err := t.known(c, a, value); err != nil {
			return err
		}
	}
	if err := a.Set(hash, field, strconv.FormatInt(value.Unix(), 10)); err != nil {
		return err
	}
	text := fmt.Sprintf("ended: token %s, listed until %s; whether there is one is not known here\n", field, value.UTC().Format(time.RFC3339))
	if hash == admin.HashNotBefore {
		text = fmt.Sprintf("ended: tokens of %s issued before %s\n", field, value.UTC().Format(time.RFC3339))
	}
	_, err = fmt.Fprint(t.out, safe(text))
	return err
}

// known is nil if there is something to end, as far as the gateway can tell.
func (t *tool) known(c *cli.Context, a *admin.API, value time.Time) error {
	if jti := c.String("jti"); jti != "" {
		if !value.After(t.now()) {
			return fmt.Errorf("the token expired at %s: there is nothing to end (--force lists it all the same)", value.UTC().Format(time.RFC3339))
		}
		return nil
	}
	app, found, err := a.App(appid.Name(c.String("app")))
	switch user := c.String("user"); {
	case err != nil:
		return err
	case !found:
		return fmt.Errorf("there is no application %q: nothing is ended (--force ends what it will have)", c.String("app"))
	case user != "" && !app.Has(user):
		return fmt.Errorf("application %q has no user %q: nothing is ended (--force ends what it will have)", c.String("app"), user)
	}
	return nil
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
	case strings.Count(jti, ".") == 2 && strings.HasPrefix(jti, "eyJ"):
		return none("--jti has a whole token; give its jti, which jwtctl inspect shows")
	case c.IsSet("user") && user == "":
		return none("--user is empty; leave it out for all users")
	case jti != "":
		value, err = whenFlag(c, "until", now, now.Add(listedFor))
		return admin.HashRevoked, url.PathEscape(jti), value, err
	}
	value, err = whenFlag(c, "at", now, now.Truncate(time.Second).Add(time.Second))
	field = url.PathEscape(appid.Name(app))
	if user != "" {
		field += "|" + url.PathEscape(user)
	}
	return admin.HashNotBefore, field, value, err
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
