package main

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/when"
	"apinto-jwt/internal/appid"
	"apinto-jwt/token"
)

const revokeHelp = `Every node of the gateway's cluster refuses the tokens within a second, also after a restart.
A TOKEN is ended by its jti, and listed until it expires; nothing else of it is sent or shown. It may be in a file (@FILE) or on standard
input (-). --jti ends one that is not at hand. "jwtctl revoked prune" takes off the list what has expired.
--app ends all tokens of an application, --user those of one of its users, that were issued before --at, or do not say
when (no "iat"). The application's name is taken without regard to case, as the gateway takes it.
An application or a user that is not there is not ended, nor a token that has expired: --force lists them all the same.
Nobody lists tokens, so that a --jti cannot be found: it wants --force, too. Look twice, a wrong one ends nothing.

EXAMPLES
   jwtctl revoke --admin http://127.0.0.1:9400 @token.txt
   jwtctl revoke --admin http://127.0.0.1:9400 --jti 3q2-7w.x8Fh --until +15m --force
   jwtctl revoke --admin http://127.0.0.1:9400 --app shop --user alice`

// listedFor is how long a token stays on the list if its expiry is not given.
const listedFor = 366 * 24 * time.Hour

// revokeCommand returns "jwtctl revoke".
func (t *tool) revokeCommand() *cli.Command {
	return &cli.Command{
		Name: "revoke", Usage: "end tokens before their time, at a gateway",
		UsageText:   "jwtctl revoke --admin URL (TOKEN | @FILE | - | --jti ID [--until TIME] | --app NAME [--user NAME] [--at TIME]) [--force] [--output FORMAT]",
		Description: revokeHelp,
		Flags: append([]cli.Flag{
			adminFlag(),
			&cli.StringFlag{Name: "jti", Usage: "`ID` of a token that is not at hand, its jti; wants --force"},
			&cli.StringFlag{Name: "until", Usage: "`TIME` at which the token expires: 2026-01-31T12:00:00Z, seconds since 1970, or +15m from now (default: in 366 days)"},
			&cli.StringFlag{Name: "app", Usage: "`NAME` of the application"},
			&cli.StringFlag{Name: "user", Usage: "`NAME` of its user (default: all of them)"},
			&cli.BoolFlag{Name: "force", Usage: "list what is not there, or not yet, or cannot be found, and what has expired"},
			&cli.StringFlag{Name: "at", Usage: "`TIME` before which tokens were issued (default: the next second, so that all are ended that there are)"},
		}, outputFlags()...),
		Action: t.revoke,
	}
}

// revoke ends tokens.
func (t *tool) revoke(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	revocation := t.revocation
	if c.Args().Present() {
		revocation = t.revocationOfToken
	}
	hash, field, value, err := revocation(c)
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
	text := fmt.Sprintf("ended: token %s, listed until %s\n", field, value.UTC().Format(time.RFC3339))
	switch {
	case c.String("jti") != "":
		text = strings.TrimSuffix(text, "\n") + "; whether there is one is not known here\n"
	case hash == admin.HashNotBefore:
		text = fmt.Sprintf("ended: tokens of %s issued before %s\n", field, value.UTC().Format(time.RFC3339))
	}
	ended := map[string]any{"hash": hash, "field": field, "value": value.Unix()}
	return t.answer(asJSON, ended, screen.Safe(text))
}

// known returns nil if there is something to end, as far as the gateway can tell.
func (t *tool) known(c *cli.Context, a *admin.API, value time.Time) error {
	switch passed := !value.After(t.now()); {
	case c.String("app") != "":
	case passed:
		return fmt.Errorf("the token expired at %s: there is nothing to end (--force lists it all the same)", value.UTC().Format(time.RFC3339))
	case c.String("jti") != "":
		return errors.New("nobody lists tokens, so that this one cannot be found: nothing is ended (--force ends it unseen; or give the token itself)")
	default:
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

// revocation returns the field that the flags ask for.
func (t *tool) revocation(c *cli.Context) (hash, field string, value time.Time, err error) {
	none := func(message string) (string, string, time.Time, error) {
		return "", "", time.Time{}, misuse("%s", message)
	}
	jti, app, user, now := c.String("jti"), c.String("app"), c.String("user"), t.now()
	switch {
	case (jti == "") == (app == ""):
		return none("give a token, --jti, or --app")
	case jti != "" && (c.IsSet("user") || c.IsSet("at")):
		return none("--user and --at belong to --app")
	case app != "" && c.IsSet("until"):
		return none("--until belongs to --jti")
	case strings.Count(jti, ".") == 2 && strings.HasPrefix(jti, "eyJ"):
		return none("--jti has a whole token; give it without --jti")
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

// revocationOfToken returns the field of the token that is given. Nothing is verified: whoever may end tokens may end any.
func (t *tool) revocationOfToken(c *cli.Context) (hash, field string, value time.Time, err error) {
	for _, name := range []string{"jti", "until", "app", "user", "at"} {
		if c.IsSet(name) {
			return "", "", time.Time{}, misuse("a token and --%s exclude one another", name)
		}
	}
	raw, err := t.tokenArgument(c)
	if err != nil {
		return "", "", time.Time{}, err
	}
	unverified, err := token.Parse(raw)
	if err != nil {
		return "", "", time.Time{}, fmt.Errorf("this is no token that can be ended: %w", err)
	}
	jti := gjson.Get(unverified.UntrustedPayload(), "jti").String()
	if jti == "" {
		return "", "", time.Time{}, errors.New("the token has no jti: nothing is ended (--app and --user end all tokens of a user)")
	}
	value = t.now().Add(listedFor)
	if _, _, expires := unverified.UntrustedDates(); expires.IsSet() {
		value = expires.Time()
	}
	return admin.HashRevoked, url.PathEscape(jti), value, nil
}

// whenFlag reads a time.
func whenFlag(c *cli.Context, name string, now, otherwise time.Time) (time.Time, error) {
	if !c.IsSet(name) {
		return otherwise, nil
	}
	when, err := when.Parse(c.String(name), now)
	if err != nil {
		return time.Time{}, misuse("--%s %s", name, err)
	}
	return when, nil
}
