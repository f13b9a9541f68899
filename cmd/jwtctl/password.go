package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/cmd/jwtctl/internal/prompt"
)

// The costs of a bcrypt hash: the least that is worth while, and the most that the gateway's driver takes.
const (
	minCost = 10
	maxCost = 14
)

// maxPassword is the longest password, in bytes: bcrypt does not look beyond.
const maxPassword = 72

const passwordHelp = `The hash is the value of "pattern.password" of a user, who can then get tokens of the gateway's token endpoint. Each
step of --cost doubles the time that a login takes; give all users of an application the same. On a terminal the password
is asked for, twice, and not shown.

EXAMPLES
   jwtctl password
   jwtctl password < password.txt
   systemd-ask-password | jwtctl password --cost 12`

// passwordCommand returns "jwtctl password".
func (t *tool) passwordCommand() *cli.Command {
	return &cli.Command{
		Name: "password", Usage: "make the bcrypt hash of a user's password",
		UsageText:   "jwtctl password [--password-file FILE] [--cost N] [--output FORMAT]",
		Description: passwordHelp,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "password-file", Value: "-", DefaultText: "standard input", Usage: "password in `FILE`, - for standard input; a line end after it does not count"},
			&cli.StringFlag{Name: "password", Usage: "password as `TEXT`; it shows in the list of processes, prefer the file"},
			&cli.IntFlag{Name: "cost", Value: minCost, Usage: fmt.Sprintf("`N` from %d to %d", minCost, maxCost)},
		}, outputFlags()...),
		Action: t.password,
	}
}

// password prints the hash.
func (t *tool) password(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err := cmp.Or(err, noArguments(c), exclusive(c, "password", "password-file")); err != nil {
		return err
	}
	cost := c.Int("cost")
	if cost < minCost || cost > maxCost {
		return misuse("--cost must be %d to %d", minCost, maxCost)
	}
	password, err := t.newPassword(c)
	if err != nil {
		return err
	}
	switch {
	case password == "":
		return errors.New("the password is empty")
	case len(password) > maxPassword:
		return fmt.Errorf("the password has %d bytes; bcrypt looks at %d", len(password), maxPassword)
	case strings.ContainsAny(password, "\x00\n"):
		return errors.New("the password has a line end or a NUL inside")
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		return err
	}
	return t.answer(asJSON, map[string]string{"hash": string(hash)}, string(hash)+"\n")
}

// newPassword returns the password that a hash is wanted of: the flag's, the file's, or of a terminal what is typed there.
func (t *tool) newPassword(c *cli.Context) (string, error) {
	if c.IsSet("password") {
		return c.String("password"), nil
	}
	name := c.String("password-file")
	if fd, ok := prompt.Terminal(t.in); ok && name == "-" {
		return prompt.Twice(t.err, fd, "Password", func() { os.Exit(exitFailed) })
	}
	text, err := t.read("--password-file", name)
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), err
}
