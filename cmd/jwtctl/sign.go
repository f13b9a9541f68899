package main

import (
	"cmp"
	"slices"

	"github.com/urfave/cli/v2"

	"apinto-jwt/issuer"
	"apinto-jwt/token"
)

const signHelp = `Claims stand in the token in the order of --claims, then of the flags. A token that the driver would refuse as
malformed is not signed.

EXAMPLES
   jwtctl keygen --alg HS256 > app.secret
   jwtctl sign --alg HS256 --secret-file app.secret --base64 --iss apinto --sub alice --exp 15m

   jwtctl keygen --alg ES256 --out app
   jwtctl sign --alg ES256 --key app.key --kid 2026-01 --claim name='John Doe' --claim roles='["admin"]' --exp +1h

   JWTCTL_SECRET=apinto jwtctl sign --alg HS256 --claims '{"sub":"1234567890","iss":"apinto","name":"John Doe"}'`

// signCommand returns "jwtctl sign".
func (t *tool) signCommand() *cli.Command {
	return &cli.Command{
		Name: "sign", Usage: "make a token and print it",
		UsageText:   "jwtctl sign --alg ALG (--secret-file FILE | --key FILE | …) [FLAGS]",
		Description: signHelp,
		Flags: slices.Concat(
			[]cli.Flag{algorithmFlag()},
			keyFlags("private key in PEM (PKCS#8, PKCS#1 or SEC 1), `FILE` or - for standard input"),
			claimFlags(),
			[]cli.Flag{
				&cli.StringFlag{Name: "typ", Value: "JWT", DefaultText: `"JWT"`, Usage: "`TEXT` that is the type in the header; '' leaves it out"},
				&cli.StringFlag{Name: "kid", Usage: "`TEXT` that is the key ID in the header"},
				repeatedFlag("header", "a further header parameter, `NAME=VALUE`"),
			},
			outputFlags(),
		),
		Action: t.sign,
	}
}

// sign makes a token of the flags.
func (t *tool) sign(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err := cmp.Or(err, noArguments(c)); err != nil {
		return err
	}
	alg, err := algorithm(c)
	if err != nil {
		return err
	}
	header, err := signHeader(c)
	if err != nil {
		return err
	}
	key, err := t.signingKey(c, alg)
	if err != nil {
		return err
	}
	claims, err := t.claims(c)
	if err != nil {
		return err
	}
	signed, err := key.Sign(header, claims.JSON())
	if err != nil {
		return err
	}
	t.warnOfExpiry(signed)
	return t.answer(asJSON, map[string]string{"token": signed}, signed+"\n")
}

// signHeader returns the header that the flags ask for.
func signHeader(c *cli.Context) (issuer.Header, error) {
	header := issuer.Header{Type: c.String("typ")}
	err := setPairs(&header.Extra, "--header", repeatedValues(c, "header"), func(name string) error {
		switch name {
		case "alg", "typ", "kid":
			return misuse("--header must not set %q; use --%s", name, name)
		}
		return nil
	})
	return header, err
}

// warnOfExpiry warns of what a signer rarely means: a token that never ends, or has ended.
func (t *tool) warnOfExpiry(signed string) {
	parsed, err := token.Parse(signed)
	if err != nil {
		return
	}
	switch _, _, expires := parsed.UntrustedDates(); {
	case !expires.IsSet():
		t.warn("the token never expires; give --exp")
	case !expires.Time().After(t.now()):
		t.warn("the token has expired already: exp is %s", expires)
	}
}
