package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/cmd/jwtctl/internal/when"
)

const explainHelp = `The running gateway is asked, with the rules, keys, clocks and revocations that it has now. It makes the walk that it makes for a
request, changes nothing, and keeps nothing of what it is asked. For each step it tells what was found and what was wanted,
then which rule nearly accepts the token, and what to do. Exit status 1 if the token is refused.
The token comes from @FILE or, for -, from standard input, as it would stand in the header: with or without "Bearer". It then
stands for one at each place that a rule looks at; if none accepts it, at that of the rule that comes nearest. With --request it is looked for where it stands in the request.
FINGERPRINT (sha256:…) or REQUEST-ID of an access log tells what happened then, of the last refusals of that node.

EXAMPLES
   jwtctl explain --admin http://127.0.0.1:9400 @token.txt
   jwtctl explain --admin http://127.0.0.1:9400 --request request.http
   jwtctl explain --admin http://127.0.0.1:9400 sha256:0123456789abcdef`

// explainCommand returns "jwtctl explain".
func (t *tool) explainCommand() *cli.Command {
	return &cli.Command{
		Name: "explain", Usage: "tell why a running gateway accepts or refuses a token, step by step",
		UsageText:   "jwtctl explain --admin URL [--at TIME] [--output json] (@FILE | - | TOKEN | FINGERPRINT | REQUEST-ID | --request FILE)",
		Description: explainHelp,
		Flags: append([]cli.Flag{
			adminFlag(),
			&cli.StringFlag{Name: "request", Usage: "the whole request in `FILE`, - for standard input: HTTP/1.1 text, or JSON with method, url, headers and body"},
			&cli.StringFlag{Name: "at", Usage: "judge as of `TIME`: 2026-01-31T12:00:00Z, seconds since 1970, or -1h from now (default: the gateway's clock)"},
		}, outputFlags()...),
		Action: t.explain,
	}
}

// explain asks the gateway.
func (t *tool) explain(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	a, err := t.admin(c)
	if err != nil {
		return err
	}
	q, err := t.question(c)
	if err != nil {
		return err
	}
	answer, err := a.Explain(q)
	if err != nil {
		return err
	}
	var e explained
	if json.Unmarshal(answer, &e) != nil {
		return errors.New("the gateway's answer cannot be read")
	}
	err = t.answer(asJSON, json.RawMessage(answer), screen.Safe(e.text()))
	if err == nil && !e.Accepted {
		err = errRefused
	}
	return err
}

// What an access log has of a request.
var (
	fingerprintForm = regexp.MustCompile(`^sha256:[0-9a-f]{16}$`)
	requestIDForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// question returns the question that the command line asks.
func (t *tool) question(c *cli.Context) (q admin.Question, err error) {
	if c.IsSet("at") {
		at, err := when.Parse(c.String("at"), t.now())
		if err != nil {
			return q, misuse("--at %s", err)
		}
		q.At = at.UTC().Format(time.RFC3339Nano)
	}
	argument := c.Args().First()
	switch {
	case c.Args().Len() > 1:
		return q, misuse("one token is expected; quote it if it has spaces")
	case c.IsSet("request") && argument != "":
		return q, misuse("--request and a token rule one another out")
	case c.IsSet("request"):
		text, err := t.read("--request", c.String("request"))
		if err != nil {
			return q, err
		}
		q.Request = requestOf(text)
		return q, nil
	case fingerprintForm.MatchString(argument):
		q.Fingerprint = argument
		return q, nil
	case requestIDForm.MatchString(argument):
		q.RequestID = argument
		return q, nil
	case strings.HasPrefix(argument, "sha256:"):
		return q, misuse("a fingerprint has 16 hexadecimal digits behind sha256:")
	}
	q.Token, err = t.credential(argument)
	return q, err
}

// requestOf is a request as the gateway takes it: an object if the file has one, else text.
func requestOf(text []byte) any {
	if json.Valid(text) && strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		return json.RawMessage(text)
	}
	return string(text)
}

// credential returns the text that stands for a header's value. A "Bearer" stays: that it stands there twice may be the fault.
func (t *tool) credential(argument string) (string, error) {
	text := []byte(argument)
	var err error
	switch {
	case argument == "" || argument == "-":
		text, err = t.readInput("the token")
	case argument[0] == '@':
		text, err = t.read("the token's file", argument[1:])
	}
	if err != nil {
		return "", err
	}
	credential := strings.TrimSpace(string(text))
	if credential == "" {
		return "", errors.New("there is no token")
	}
	return credential, nil
}
