package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/internal/printable"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Asked is what is to be explained: a request, or a credential as it stands in a header or parameter, which is then found at
// every place that a rule looks at.
type Asked struct {
	Credential *string
	Request    *Request
	At         time.Time // When it is judged.
}

// maxRules is how many rules a report shows: those that came furthest.
const maxRules = 20

// explanation is a report in the making.
type explanation struct {
	by       *authn.Authenticator
	trace    *authn.Trace
	hint     bearer.Hint
	strays   []rule.Location // Where a token stands in the request that no rule looks at.
	accounts []*account      // Those that came furthest first.
	nearest  *account        // The one that nearly accepts the token; nil if there is none.
	report   *Report
}

// Explain makes the walk and reports. The error is ErrRequest. A credential that no rule accepts is looked at once more where the
// rule looks that nearly does: a request has it at one place, and that is its reason then.
func Explain(by *authn.Authenticator, asked Asked) (*Report, error) {
	ctx, err := asked.Request.context()
	if err != nil {
		return nil, err
	}
	if asked.Credential == nil {
		return explain(by, ctx, nil, asked.At).report, nil
	}
	given := &authn.Given{Credential: *asked.Credential}
	x := explain(by, ctx, given, asked.At)
	if x.nearest == nil || len(x.trace.Places) == 1 {
		return x.report, nil
	}
	given.At = &x.nearest.walked.Location
	return explain(by, ctx, given, asked.At).report, nil
}

// explain makes one walk.
func explain(by *authn.Authenticator, ctx http_service.IHttpContext, given *authn.Given, at time.Time) *explanation {
	t := by.Explain(ctx, given, at)
	x := &explanation{by: by, trace: t, report: newReport(t.Reason, at)}
	if t.Reason == token.TokenMissing && given == nil {
		x.hint, x.strays = bearer.FindHint(ctx), straysIn(ctx)
	}
	x.whose()
	x.places(given)
	x.forms()
	x.rules()
	x.nearMiss()
	return x
}

// whose notes which token the report is about, and whose it is.
func (x *explanation) whose() {
	if i := slices.IndexFunc(x.trace.Places, func(p authn.Place) bool { return p.Token != "" }); i >= 0 {
		x.report.Fingerprint = token.Fingerprint(x.trace.Places[i].Token)
	}
	if user := x.trace.User; user != nil {
		x.report.Application, x.report.User = user.App.Id(), printable.Text(user.Name)
	}
}

// add adds a step.
func (x *explanation) add(s Step) { x.report.Steps = append(x.report.Steps, s) }

// maxPlaces is how many places a report names.
const maxPlaces = 20

// places tells where the token was looked for.
func (x *explanation) places(given *authn.Given) {
	list := x.trace.Places
	if len(list) == 0 {
		x.add(Step{Step: stepPlace, Reason: token.TokenMissing.String(), Detail: "no rule is in force that could look for a token"})
		return
	}
	if given != nil && given.At != nil {
		x.add(Step{Step: stepPlace, OK: true, Detail: fmt.Sprintf(
			"it was given, and stands for one in the %s: of the %d places that rules look at, there a rule comes nearest", given.At, len(list))})
		return
	}
	if given != nil && list[0].Token != "" {
		names := make([]string, 0, len(list))
		for _, p := range list[:min(len(list), maxPlaces)] {
			names = append(names, p.Location.String())
		}
		x.add(Step{Step: stepPlace, OK: true, Detail: "it was given, and stands for one at each place that rules look at: " + strings.Join(names, ", ")})
		return
	}
	for _, p := range list[:min(len(list), maxPlaces)] {
		x.add(x.place(&p))
	}
	if x.trace.Several {
		x.add(Step{Step: stepForm, Reason: token.TokenMalformed.String(), Detail: "two different tokens stand in the request, and the upstream could take the other one"})
	}
}

// place tells what stands at a place.
func (x *explanation) place(p *authn.Place) Step {
	s := Step{Step: stepPlace, Detail: p.Location.String() + ": "}
	refuse := func(reason token.Reason, text string) Step {
		if s.Detail += text; x.trace.Reason == token.Accepted { // the token stood elsewhere
			s.OK = true
			return s
		}
		if x.trace.Reason == token.TokenMissing {
			reason = token.TokenMissing
		}
		s.Reason = reason.String()
		return s
	}
	switch {
	case p.Damaged:
		return refuse(token.TokenMalformed, "the body ends before its announced end, or its chunks cannot be read")
	case p.Large:
		return refuse(token.TokenTooLarge, fmt.Sprintf("the body is longer than the %d bytes that are read for a token", x.by.BodyLimit))
	case p.Several:
		return refuse(token.TokenMalformed, "two different values stand there")
	case p.Unread:
		return refuse(token.TokenMalformed, "the body cannot be read as what it says it is, and has a token in it")
	case p.Token != "":
		s.OK, s.Detail = true, s.Detail+fmt.Sprintf("a value of %d bytes", len(p.Token))
	case p.Foreign != "":
		return refuse(token.TokenMissing, "a token stands behind another scheme than Bearer")
	case x.trace.Reason == token.TokenMissing:
		return refuse(token.TokenMissing, "nothing")
	default:
		s.OK, s.Detail = true, s.Detail+"nothing"
	}
	return s
}

// forms tells what the token looks like, once if it looks the same at every place.
func (x *explanation) forms() {
	seen := make(map[Step]bool)
	for i := range x.trace.Tokens {
		s := formOf(&x.trace.Tokens[i])
		if !seen[s] {
			seen[s] = true
			x.add(s)
		}
	}
}

// formOf tells what a token looks like.
func formOf(w *authn.Walked) Step {
	if w.Fault != nil {
		_, detail, _ := strings.Cut(w.Fault.Error(), ": ")
		return Step{Step: stepOf[w.Reason], Reason: w.Reason.String(), Detail: cmp.Or(detail, "it is no token")}
	}
	l := w.Parsed.Lookup()
	detail := "a signed token (JWS): alg " + printable.Text(string(l.Algorithm))
	if typ := gjson.Get(w.Parsed.UntrustedHeader(), "typ"); typ.Exists() {
		detail += ", typ " + shown(typ)
	}
	if l.HasKeyID {
		detail += ", kid " + quoted(l.KeyID)
	}
	return Step{Step: stepForm, OK: true, Detail: detail}
}

// rules tells how far each rule came with the token.
func (x *explanation) rules() {
	inForce := x.by.Registry.InForce()
	byRule := make(map[string]*account)
	for i := range x.trace.Tokens {
		w := &x.trace.Tokens[i]
		if w.Parsed == nil {
			continue
		}
		for j := range inForce {
			if f := &inForce[j]; slices.Contains(f.Rule.Locations, w.Location) {
				c := newAccount(x, f, w)
				if known := byRule[f.Rule.ID]; known == nil {
					byRule[f.Rule.ID] = c
					x.accounts = append(x.accounts, c)
				} else if c.further(known) {
					*known = *c
				}
			}
		}
	}
	slices.SortStableFunc(x.accounts, func(a, b *account) int {
		switch {
		case a.further(b):
			return -1
		case b.further(a):
			return 1
		}
		return 0
	})
	shown := x.accounts[:min(len(x.accounts), maxRules)]
	if x.trace.Reason == token.Accepted { // what others say of the token does not matter
		if i := slices.IndexFunc(shown, func(c *account) bool { return c.reason != token.Accepted }); i >= 0 {
			shown = shown[:i]
		}
	}
	for _, c := range shown {
		x.report.Steps = append(x.report.Steps, c.steps...)
	}
	x.report.MoreRules = len(x.accounts) - len(shown)
}
