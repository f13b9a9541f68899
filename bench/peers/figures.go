package peers

import (
	"math"

	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
)

// rate returns the requests a second of a contender in a case; not a number if it was not measured.
func (r results) rate(c, name string) float64 {
	return r.value(c, name, func(m measured) float64 { return m.rate })
}

// cpu returns the processor time of a request; not a number if it was not measured.
func (r results) cpu(c, name string) float64 {
	return r.value(c, name, func(m measured) float64 { return float64(m.cpu) })
}

// cpuRatio returns a contender's processor time of a request through another's: the median of the rounds, in which they follow one another,
// so that a machine that changes its speed in between does not count.
func (r results) cpuRatio(c, name, other string) float64 {
	own, others := r[c][name].cpus, r[c][other].cpus
	if len(own) == 0 || len(own) != len(others) || math.IsNaN(r.cpu(c, name)+r.cpu(c, other)) {
		return math.NaN()
	}
	ratios := make([]float64, len(own))
	for i := range own {
		ratios[i] = own[i] / others[i]
	}
	return timing.Median(ratios)
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
		report.AtLeast("peers: CPU, HS256: stock builtin ÷ ours", r.cpuRatio(base.name, stockJWT, oursApp), 6),
		report.AtMost("peers: CPU, known token ÷ open route, same request", r.cpuRatio(base.name, oursApp, oursOpen+withToken), 1.08),
		report.AtMost("peers: CPU, known token, filter ÷ open route, same request", r.cpuRatio(base.name, oursFilter, filterOpen+withToken), 1.05),
	}
	many := appsName(maxApps)
	list = append(
		list,
		report.AtMost("peers: CPU, "+many+" ÷ 1, plugin app", r.cpuRatio(many, oursApp, oursApp+alone), 1.10),
		report.AtMost("peers: CPU, "+many+" ÷ 1, filter", r.cpuRatio(many, oursFilter, oursFilter+alone), 1.03),
		report.AtLeast("peers: CPU, HS256: HAProxy ÷ ours", r.cpuRatio(base.name, haJWT, oursApp), 0.5),
		report.AtLeast("peers: CPU, ES256, known token: HAProxy ÷ ours", r.cpuRatio("ES256", haJWT, oursApp), 2.5),
		report.AtLeast("peers: CPU, HS256: Apache mod_oauth2 ÷ ours", r.cpuRatio(base.name, apacheJWT, oursApp), 2.2),
		report.AtMost("peers: p99 at half of the greatest rate: ours ÷ HAProxy", r.p99(base.name, oursApp)/r.p99(base.name, haJWT), 3),
	)
	return list
}
