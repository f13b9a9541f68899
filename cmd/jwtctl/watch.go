package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/screen"
)

const watchHelp = `Each request that the gateway's node refuses is a line: time, reason, application, key ID, fingerprint, route, client. A column is - where
nothing is known: application and key ID are those of tokens whose signature is good. "(route)" behind the reason tells that a route's filter
refused it. Of one line, jwtctl explain tells the cause: give it the fingerprint, or the request ID of --output json.
Ctrl-C ends it. A node tells of itself alone: follow each.

EXAMPLES
   jwtctl watch --admin http://127.0.0.1:9400
   jwtctl watch --admin http://127.0.0.1:9400 --reason token_expired --app shop
   jwtctl watch --admin http://127.0.0.1:9400 --past --count 20 --output json`

// watchCommand returns "jwtctl watch".
func (t *tool) watchCommand() *cli.Command {
	return &cli.Command{
		Name: "watch", Usage: "follow what a running gateway refuses, as it comes",
		UsageText:   "jwtctl watch --admin URL [--reason R]… [--app A]… [--past] [--count N] [--for DURATION] [--output json]",
		Description: watchHelp,
		Flags: append([]cli.Flag{
			adminFlag(),
			&cli.StringSliceFlag{Name: "reason", Usage: "only with this `REASON`; may be repeated"},
			&cli.StringSliceFlag{Name: "app", Usage: "only of this `APPLICATION`; may be repeated"},
			&cli.BoolFlag{Name: "past", Usage: "begin with the last refusals that the node remembers, a thousand at most"},
			&cli.IntFlag{Name: "count", Usage: "end after `N` lines"},
			&cli.DurationFlag{Name: "for", Usage: "end after this `DURATION`, as 30s or 10m"},
		}, outputFlags()...),
		Action: t.watch,
	}
}

// errEnough ends a watch that has shown what was asked for.
var errEnough = errors.New("enough")

// watch follows the refusals of a node.
func (t *tool) watch(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	switch {
	case err != nil:
		return err
	case c.Args().Present():
		return misuse("watch has no arguments")
	case c.Int("count") < 0 || c.Duration("for") < 0:
		return misuse("--count and --for must be positive")
	}
	a, err := t.admin(c)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if c.IsSet("for") {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Duration("for"))
		defer cancel()
	}
	reasons, apps, shown := c.StringSlice("reason"), c.StringSlice("app"), 0
	err = a.Follow(ctx, c.Bool("past"), func(r admin.Refusal) error {
		if !among(reasons, r.Reason) || !among(apps, r.Application) {
			return nil
		}
		if err := t.showRefusal(r, asJSON); err != nil {
			return err
		}
		if shown++; shown == c.Int("count") {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// among reports whether a text is one of those that are asked for. Nothing that is asked for is all.
func among(asked []string, text string) bool {
	return len(asked) == 0 || slices.Contains(asked, text)
}

// showRefusal writes a refusal, as a line.
func (t *tool) showRefusal(r admin.Refusal, asJSON bool) error {
	if asJSON {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(t.out, "%s\n", line)
		return err
	}
	reason := r.Reason
	if r.Filter {
		reason += " (route)"
	}
	if r.Hint != "" {
		reason += ", " + r.Hint
	}
	columns := []string{r.Time.Local().Format("15:04:05.000"), reason, r.Application, r.KeyID, r.Fingerprint, r.Route, r.Client}
	for i, text := range columns {
		if text == "" {
			columns[i] = "-"
		}
	}
	_, err := fmt.Fprintln(t.out, screen.OneLine(screen.Safe(strings.Join(columns, "  "))))
	return err
}
