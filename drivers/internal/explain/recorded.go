package explain

import (
	"slices"

	"apinto-jwt/drivers/internal/refused"
	"apinto-jwt/token"
)

// Recorded explains a refusal that has happened, of which before more like it are known. The steps are those of its way; what was
// found and wanted then is not kept.
func Recorded(r refused.Request, before int) *Report {
	reason := token.Internal
	for _, one := range token.Reasons() {
		if one.String() == r.Reason {
			reason = one
		}
	}
	report := newReport(reason, r.Time)
	report.Reason, report.Recorded, report.Before = r.Reason, &r, before
	report.Fingerprint, report.Application = r.Fingerprint, r.Application
	if r.Filter || reason.String() != r.Reason { // a filter has reasons of its own
		report.Step, report.Remedy = stepFilter, filterRemedy
		reason = token.Accepted
	}
	for _, step := range stepsBefore(reason) {
		report.Steps = append(report.Steps, Step{Step: step, OK: true, Detail: "passed"})
	}
	failed := Step{Step: report.Step, Reason: r.Reason, Rule: r.Rule, Application: r.Application, Detail: "refused"}
	switch {
	case r.Hint != "":
		failed.Detail = r.Hint
	case r.Place != "":
		failed.Detail = "the token stood in the " + r.Place
	}
	report.Steps = append(report.Steps, failed)
	return report
}

// A refusal by a filter of the route comes after all steps of the driver.
const (
	stepFilter   = "filter"
	filterRemedy = "Look at what the route's filter requires: the token is good, and not enough for this route."
)

// stepsBefore are the steps that a token has passed that is refused for the reason, each once.
func stepsBefore(reason token.Reason) []string {
	var list []string
	for _, one := range token.Reasons() {
		step := stepOf[one]
		if one != token.Internal && (reason == token.Accepted || step != stepOf[reason] && reason.Further(one)) && !slices.Contains(list, step) {
			list = append(list, step)
		}
	}
	return list
}
