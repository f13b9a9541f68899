package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/when"
)

const verifyHelp = `The flags mirror the fields of a rule, and the answer is the one that the gateway's driver would give: "accepted", or
"refused" with every reason that is known (exit status 1).
TOKEN may have "Bearer" before it; without TOKEN, or for -, it is read from standard input, for @FILE from the file.

EXAMPLES
   jwtctl verify --alg HS256 --secret-file app.secret --base64 --path name "$TOKEN"
   jwtctl verify --alg RS256 --key app.pub --iss apinto --aud orders --leeway 30s @token.txt
   echo "$TOKEN" | JWTCTL_SECRET=apinto jwtctl verify --alg HS256 --claims-to-verify exp --now 2024-04-17T00:00:00Z`

// verifyCommand returns "jwtctl verify".
func (t *tool) verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "tell whether a rule would accept a token, and for which user",
		UsageText:   "jwtctl verify --alg ALG (--secret-file FILE | --key FILE | …) [FLAGS] [TOKEN | @FILE | -]",
		Description: verifyHelp,
		Flags: slices.Concat(
			[]cli.Flag{algorithmFlag()},
			keyFlags("public key or certificate in PEM, `FILE` or - for standard input; several blocks are several keys"),
			[]cli.Flag{&cli.StringFlag{Name: "jwks", Usage: "JWK Set in `FILE`, - for standard input, instead of a key or a secret"}},
			ruleFlags(),
			[]cli.Flag{
				&cli.StringFlag{Name: "now", Usage: "judge as of `TIME`: 2026-01-31T12:00:00Z, seconds since 1970, or -1h from now (default: now)"},
			},
			outputFlags(),
		),
		Action: t.verify,
	}
}

// verify judges one token.
func (t *tool) verify(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	r, err := t.rule(c)
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
	v := r.Judge(raw, now)
	err = t.answer(asJSON, v, screen.Safe(v.Text(now)))
	if err == nil && !v.Accepted {
		err = errRefused
	}
	return err
}
