package peers

import (
	"math"

	"apinto-jwt/bench/report"
)

// rate returns the requests a second of a contender in a case; not a number if it was not measured.
func (r results) rate(c, name string) float64 {
	return r.value(c, name, func(m measured) float64 { return m.rate })
}

// cpu returns the processor time of a request; not a number if it was not measured.
func (r results) cpu(c, name string) float64 {
	return r.value(c, name, func(m measured) float64 { return float64(m.cpu) })
}

// p99 returns the latency at the fixed rate; not a number if it was not measured.
func (r results) p99(c, name string) float64 {
	return r.value(c, name, func(m measured) float64 { return float64(m.p99) })
}

func (r results) value(c, name string, of func(measured) float64) float64 {
	m, ok := r[c][name]
	if !ok || m.why != "" {
		return math.NaN()
	}
	return of(m)
}

// maxApps is the number of applications that the figures promise.
const maxApps = 10_000

// figures checks the promises, all of them ratios of one run. What was not measured is no number.
func (r results) figures() []report.Figure {
	list := []report.Figure{
		report.AtLeast("peers: requests/s, HS256: ours ÷ stock builtin", r.rate(base.name, oursApp)/r.rate(base.name, stockJWT), 6),
		report.AtLeast("peers: CPU, HS256: stock builtin ÷ ours", r.cpu(base.name, stockJWT)/r.cpu(base.name, oursApp), 6),
		report.AtMost("peers: CPU, known token ÷ open route", r.cpu(base.name, oursApp)/r.cpu(base.name, oursOpen), 1.08),
		report.AtMost("peers: CPU, known token, filter ÷ open route", r.cpu(base.name, oursFilter)/r.cpu(base.name, filterOpen), 1.05),
	}
	many := appsName(maxApps)
	list = append(
		list,
		report.AtMost("peers: CPU, "+many+" ÷ 1, plugin app", r.cpu(many, oursApp)/r.cpu(many, oursApp+alone), 1.10),
		report.AtMost("peers: CPU, "+many+" ÷ 1, filter", r.cpu(many, oursFilter)/r.cpu(many, oursFilter+alone), 1.03),
		report.AtLeast("peers: CPU, HS256: HAProxy ÷ ours", r.cpu(base.name, haJWT)/r.cpu(base.name, oursApp), 0.5),
		report.AtLeast("peers: CPU, ES256, known token: HAProxy ÷ ours", r.cpu("ES256", haJWT)/r.cpu("ES256", oursApp), 2.5),
		report.AtLeast("peers: CPU, HS256: Apache mod_oauth2 ÷ ours", r.cpu(base.name, apacheJWT)/r.cpu(base.name, oursApp), 2.2),
		report.AtMost("peers: p99 at half of the greatest rate: ours ÷ HAProxy", r.p99(base.name, oursApp)/r.p99(base.name, haJWT), 3),
	)
	return list
}
