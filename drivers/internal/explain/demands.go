package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// demand is one of the demands of a rule on a token's claims, alone: it is asked as the rule asks it.
type demand struct {
	step     string
	claim    string
	path     token.Path // Of the claim; zero for "typ".
	wanted   string
	expected token.Expected
}

// demandsOf are the rule's, in the order in which they are asked. "iss" is left out: it is asked for before the key.
func demandsOf(e *token.Expected, now time.Time) []demand {
	var list []demand
	add := func(step, claim, wanted string, set func(*token.Expected)) {
		d := demand{step: step, claim: claim, wanted: wanted, expected: token.Expected{
			Exp: token.Ignore, Nbf: token.Ignore, FutureIssue: true, Leeway: e.Leeway,
		}}
		set(&d.expected)
		if claim != "typ" {
			d.path = claimPaths[claim]
		}
		list = append(list, d)
	}
	if e.Type != "" {
		add(stepType, "typ", quoted(e.Type), func(x *token.Expected) { x.Type = e.Type })
	}
	if e.Exp != token.Ignore {
		add(stepTime, "exp", "after "+clock(now.Add(-e.Leeway)), func(x *token.Expected) { x.Exp = e.Exp })
	}
	if e.Nbf != token.Ignore {
		add(stepTime, "nbf", "not after "+clock(now.Add(e.Leeway)), func(x *token.Expected) { x.Nbf = e.Nbf })
	}
	if !e.FutureIssue {
		add(stepTime, "iat", "not after "+clock(now.Add(e.Leeway)), func(x *token.Expected) { x.FutureIssue = false })
	}
	if e.MaxLifetime != 0 {
		add(stepTime, "exp", fmt.Sprintf("at most %s after iat", e.MaxLifetime), func(x *token.Expected) { x.MaxLifetime = e.MaxLifetime })
	}
	if len(e.Audience) > 0 {
		add(stepAudience, "aud", quoted(e.Audience...), func(x *token.Expected) { x.Audience = e.Audience })
	}
	for _, c := range e.Claims {
		add(stepClaims, c.Path.String(), wantedValues(c.Values), func(x *token.Expected) { x.Claims = []token.ExpectedClaim{c} })
		list[len(list)-1].path = c.Path
	}
	return list
}

// claimPaths are those of the claims that are demanded by name.
var claimPaths = map[string]token.Path{
	"exp": token.MustPath("exp"), "nbf": token.MustPath("nbf"), "iat": token.MustPath("iat"), "aud": token.MustPath("aud"),
}

// found is the claim as the token has it; empty if it has none.
func (d *demand) found(v *token.Verified, now time.Time) string {
	if d.claim == "typ" {
		return shown(gjson.Get(v.Header(), "typ"))
	}
	value, ok := v.Find(d.path)
	switch {
	case !ok:
		return ""
	case d.step != stepTime:
		return shown(value)
	}
	at := map[string]token.NumericDate{"exp": v.Expires(), "nbf": v.NotBefore(), "iat": v.IssuedAt()}[d.claim]
	return at.String() + ", " + apart(at.Time(), now)
}

// apart says how far a time is from the clock.
func apart(at, now time.Time) string {
	d := at.Sub(now).Round(time.Second)
	switch {
	case d > 0:
		return d.String() + " ahead of the clock"
	case d < 0:
		return (-d).String() + " before the clock"
	}
	return "by the clock now"
}

// clock is a time for people.
func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// shown is a claim's value as JSON, cut and fit for a terminal.
func shown(v gjson.Result) string { return printable.Text(v.Raw) }

// quoted is a list of texts, as people write it.
func quoted(texts ...string) string {
	list := make([]string, 0, min(len(texts), listed+1))
	for i, text := range texts {
		if i == listed {
			list = append(list, fmt.Sprintf("%d more", len(texts)-listed))
			break
		}
		list = append(list, fmt.Sprintf("%q", printable.Text(text)))
	}
	return strings.Join(list, " or ")
}

// listed is how many of several values are shown.
const listed = 8

// wantedValues are those that a claim may have.
func wantedValues(values []token.Value) string {
	if len(values) == 0 {
		return "any value"
	}
	list := make([]string, 0, listed)
	for _, v := range values[:min(len(values), listed)] {
		list = append(list, printable.Text(v.String()))
	}
	text := strings.Join(list, " or ")
	if len(values) > listed {
		text += fmt.Sprintf(" or %d more", len(values)-listed)
	}
	return text
}
