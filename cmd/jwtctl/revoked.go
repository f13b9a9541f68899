package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/token"
)

const revokedHelp = `"list" shows what was ended, "prune" takes tokens off the list that have expired: the driver may let a token outlive its
expiry by five minutes, so those stay for that long. What applies to applications and users stays until it is removed by
DELETE /hash/jwt_not_before/FIELD; values that are no time stay too, as they end tokens.

EXAMPLES
   jwtctl revoked list --admin http://127.0.0.1:9400
   jwtctl revoked prune --admin http://127.0.0.1:9400`

// revokedCommand returns "jwtctl revoked".
func (t *tool) revokedCommand() *cli.Command {
	return &cli.Command{
		Name: "revoked", Usage: "list what was ended early at a gateway, or drop what has expired",
		UsageText:   "jwtctl revoked (list | prune) --admin URL [--output FORMAT]",
		Description: revokedHelp,
		Flags:       append([]cli.Flag{adminFlag()}, outputFlags()...),
		Action:      t.revoked,
	}
}

// revoked does what its one argument says.
func (t *tool) revoked(c *cli.Context) error {
	action := c.Args().First()
	if c.Args().Len() != 1 || action != "list" && action != "prune" {
		return misuse("list or prune is expected")
	}
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	a, err := t.admin(c)
	if err != nil {
		return err
	}
	tokens, err := a.Hash(admin.HashRevoked)
	if err != nil {
		return err
	}
	if action == "prune" {
		return t.prune(asJSON, a, tokens)
	}
	notBefore, err := a.Hash(admin.HashNotBefore)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, field := range sortedFields(tokens) {
		fmt.Fprintf(&b, "token %s, expires %s\n", field, listedTime(tokens[field]))
	}
	for _, field := range sortedFields(notBefore) {
		fmt.Fprintf(&b, "tokens of %s issued before %s\n", field, listedTime(notBefore[field]))
	}
	fmt.Fprintf(&b, "%d tokens, %d applications and users\n", len(tokens), len(notBefore))
	all := map[string]map[string]string{admin.HashRevoked: orEmpty(tokens), admin.HashNotBefore: orEmpty(notBefore)}
	return t.answer(asJSON, all, screen.Safe(b.String()))
}

// prunedAfter is how long after its expiry a token stays on the list: the most leeway that a rule can have.
const prunedAfter = 300 * time.Second

// prune drops the tokens that have expired.
func (t *tool) prune(asJSON bool, a *admin.API, tokens map[string]string) error {
	var dropped []string
	for _, field := range sortedFields(tokens) {
		seconds, ok := token.ParseSeconds(strings.TrimSpace(tokens[field]))
		if !ok || seconds+prunedAfter.Seconds() > float64(t.now().Unix()) {
			continue
		}
		if err := a.Remove(admin.HashRevoked, field); err != nil {
			return fmt.Errorf("after %d were dropped: %w", len(dropped), err)
		}
		dropped = append(dropped, field)
	}
	left := len(tokens) - len(dropped)
	text := fmt.Sprintf("%d dropped, %d left\n", len(dropped), left)
	return t.answer(asJSON, map[string]any{"dropped": append([]string{}, dropped...), "left": left}, text)
}

// listedTime returns a value of a hash for people.
func listedTime(value string) string {
	seconds, ok := token.ParseSeconds(strings.TrimSpace(value))
	if !ok {
		return "(no time; always)"
	}
	return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339)
}

func sortedFields(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
