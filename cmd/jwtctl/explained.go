package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"apinto-jwt/cmd/jwtctl/internal/screen"
)

// explained is the gateway's answer.
type explained struct {
	Accepted    bool      `json:"accepted"`
	Reason      string    `json:"reason"`
	Step        string    `json:"step"`
	At          time.Time `json:"at"`
	Fingerprint string    `json:"fingerprint"`
	Application string    `json:"application"`
	User        string    `json:"user"`
	Steps       []step    `json:"steps"`
	MoreRules   int       `json:"more_rules"`
	NearMiss    string    `json:"near_miss"`
	Remedy      string    `json:"remedy"`
	Recorded    *struct {
		RequestID string `json:"request_id"`
		KeyID     string `json:"kid"`
		Route     string `json:"route"`
		Client    string `json:"client"`
	} `json:"recorded"`
	Before int `json:"before"`
}

// step is one step of the gateway's walk.
type step struct {
	Step        string `json:"step"`
	OK          bool   `json:"ok"`
	Rule        string `json:"rule"`
	Application string `json:"application"`
	Detail      string `json:"detail"`
	Found       string `json:"found"`
	Wanted      string `json:"wanted"`
}

// line is the step for people.
func (s *step) line() string {
	mark, values := "✘", ""
	if s.OK {
		mark = "✔"
	}
	if s.Found != "" {
		values += ", found " + s.Found
	}
	if s.Wanted != "" {
		values += ", wanted " + s.Wanted
	}
	return fmt.Sprintf("  %s %-12s %s\n", mark, screen.OneLine(s.Step), screen.OneLine(s.Detail+values))
}

// text is the answer for people.
func (e *explained) text() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", name+":", screen.OneLine(value))
		}
	}
	if e.Accepted {
		b.WriteString("accepted\n")
	} else {
		fmt.Fprintf(&b, "refused: %s\n", screen.OneLine(e.Reason))
	}
	line("token", e.Fingerprint)
	line("application", e.Application)
	line("user", e.User)
	line("at", e.At.UTC().Format(time.RFC3339))
	if r := e.Recorded; r != nil {
		line("request", r.RequestID)
		line("kid", r.KeyID)
		line("route", r.Route)
		line("client", r.Client)
	}
	rule := ""
	for i := range e.Steps {
		s := &e.Steps[i]
		if name := s.Application + "\n" + s.Rule; s.Rule != "" && name != rule {
			rule = name
			fmt.Fprintf(&b, "%s (%s)\n", screen.OneLine(cmp.Or(s.Application, "several applications")), screen.OneLine(s.Rule))
		}
		b.WriteString(s.line())
	}
	if e.MoreRules > 0 {
		fmt.Fprintf(&b, "%d more rules came less far\n", e.MoreRules)
	}
	if e.Before > 0 {
		fmt.Fprintf(&b, "%d more like it are known from before\n", e.Before)
	}
	line("near miss", e.NearMiss)
	line("remedy", e.Remedy)
	return b.String()
}
