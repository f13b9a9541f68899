package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"github.com/urfave/cli/v2"

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

// inspection is all that can be said about a token without a key.
type inspection struct {
	raw                        string
	now                        time.Time
	parts                      int // how many there are, at most maxParts+1
	header, payload, signature part
	dates                      map[string]token.NumericDate
	faults                     []error
}

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
	i := inspectToken(raw, now)
	if c.Bool("json") {
		err = writeJSON(t.out, i.report())
	} else {
		_, err = fmt.Fprint(t.out, i.text())
	}
	if err == nil && len(i.faults) > 0 {
		err = errRefused
	}
	return err
}

// inspectToken takes a token apart. The parts of an encrypted one are not called payload and signature: they are neither.
func inspectToken(raw string, now time.Time) *inspection {
	parts := strings.SplitN(raw, ".", maxParts+1)
	i := &inspection{raw: raw, now: now, parts: len(parts), header: newPart(parts[0]), faults: faultsOf(raw)}
	if len(parts) == 2 || len(parts) == 3 {
		i.payload = newPart(parts[1])
	}
	if len(parts) == 3 {
		i.signature = newPart(parts[2])
	}
	i.dates = datesOf(i.payload)
	return i
}

// parameter is a header parameter that is a text.
func (i *inspection) parameter(name string) string {
	if v := gjson.Get(i.header.text, name); i.header.valid() && v.Type == gjson.String {
		return v.Str
	}
	return ""
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
func (i *inspection) report() report {
	r := report{
		Fingerprint: token.Fingerprint(i.raw), Size: len(i.raw), SignatureBytes: len(i.signature.text),
		Algorithm: i.parameter("alg"), KeyID: i.parameter("kid"), Type: i.parameter("typ"),
		Times: make(map[string]moment), Faults: []failure{}, Warnings: append([]string{}, i.warnings()...),
	}
	r.Header, r.HeaderText = i.header.rawJSON()
	r.Payload, r.PayloadText = i.payload.rawJSON()
	for name, date := range i.dates {
		r.Times[name] = moment{date.Seconds(), date.String(), relative(date.Time(), i.now)}
	}
	for _, err := range i.faults {
		f := newFailure(err)
		if p, ok := i.part(f.Part); ok && f.Offset == nil && p.problem != "" {
			f.EncodedOffset, f.Problem = &p.offset, p.problem
		}
		r.Faults = append(r.Faults, f)
	}
	return r
}

// rawJSON is the part as JSON, or as text where it is none.
func (p part) rawJSON() (json.RawMessage, string) {
	if p.valid() {
		return json.RawMessage(p.text), ""
	}
	return nil, p.text
}
