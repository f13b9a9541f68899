package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/token"
)

const inspectHelp = `Nothing is verified: anybody could have written what is shown. A broken token is decoded as far as possible, and what
is wrong with it is pointed at; the exit status is 1 then. Warnings do not change it.
TOKEN may have "Bearer" before it; without TOKEN, or for -, it is read from standard input, for @FILE from the file.

EXAMPLES
   jwtctl inspect "$TOKEN"
   jwtctl inspect --json @token.txt`

// inspectCommand is "jwtctl inspect".
func (t *tool) inspectCommand() *cli.Command {
	return &cli.Command{
		Name: "inspect", Usage: "show what a token says, without trusting it",
		UsageText:   "jwtctl inspect [--json] [TOKEN | @FILE | -]",
		Description: inspectHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "now", Usage: "look at it as of `TIME`: 2026-01-31T12:00:00Z, seconds since 1970, or -1h from now (default: now)"},
			&cli.BoolFlag{Name: "json", Usage: "answer in JSON"},
		},
		Action: t.inspect,
	}
}

// inspection is a token as the command shows it.
type inspection struct{ *inspect.Token }

// inspect shows one token.
func (t *tool) inspect(c *cli.Context) error {
	now := t.now()
	if c.IsSet("now") {
		var err error
		if now, err = parseWhen(c.String("now"), now); err != nil {
			return misuse("--now %s", err)
		}
	}
	raw, err := t.tokenArgument(c)
	if err != nil {
		return err
	}
	i := inspection{inspect.New(raw, now)}
	if c.Bool("json") {
		err = writeJSON(t.out, i.report())
	} else {
		_, err = fmt.Fprint(t.out, i.text())
	}
	if err == nil && len(i.Faults) > 0 {
		err = errRefused
	}
	return err
}

// report is an inspection as JSON shows it.
type report struct {
	Verified       bool              `json:"verified"` // never true
	Fingerprint    string            `json:"fingerprint"`
	Size           int               `json:"size"`
	Algorithm      string            `json:"algorithm,omitempty"`
	KeyID          string            `json:"key_id,omitempty"`
	Type           string            `json:"type,omitempty"`
	SignatureBytes int               `json:"signature_bytes"`
	Header         json.RawMessage   `json:"header,omitempty"`
	HeaderText     string            `json:"header_text,omitempty"` // where it is not JSON
	Payload        json.RawMessage   `json:"payload,omitempty"`
	PayloadText    string            `json:"payload_text,omitempty"`
	Times          map[string]moment `json:"times,omitempty"`
	Faults         []failure         `json:"faults"`
	Warnings       []string          `json:"warnings"`
}

// moment is a time claim.
type moment struct {
	Seconds  float64 `json:"seconds"`
	Time     string  `json:"time"`
	Distance string  `json:"distance"`
}

// report says the same as text.
func (i inspection) report() report {
	r := report{
		Fingerprint: token.Fingerprint(i.Raw), Size: len(i.Raw), SignatureBytes: len(i.Signature.Text),
		Algorithm: i.Parameter("alg"), KeyID: i.Parameter("kid"), Type: i.Parameter("typ"),
		Times: make(map[string]moment), Faults: []failure{}, Warnings: append([]string{}, i.Warnings()...),
	}
	r.Header, r.HeaderText = rawJSON(i.Header)
	r.Payload, r.PayloadText = rawJSON(i.Payload)
	for name, date := range i.Dates {
		r.Times[name] = moment{date.Seconds(), date.String(), inspect.Relative(date.Time(), i.Now)}
	}
	for _, err := range i.Faults {
		f := newFailure(err)
		if p, ok := i.Part(f.Part); ok && f.Offset == nil && p.Problem != "" {
			f.EncodedOffset, f.Problem = &p.Offset, p.Problem
		}
		r.Faults = append(r.Faults, f)
	}
	return r
}

// rawJSON returns the part as JSON, or as text if it is none.
func rawJSON(p inspect.Part) (json.RawMessage, string) {
	if p.Valid() {
		return json.RawMessage(p.Text), ""
	}
	return nil, p.Text
}

// faultsOf returns what is wrong with a token that no rule takes.
func faultsOf(raw string) []error { return inspect.Faults(raw) }

// relative returns a time by its distance.
func relative(at, now time.Time) string { return inspect.Relative(at, now) }
