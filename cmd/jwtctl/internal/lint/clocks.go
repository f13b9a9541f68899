package lint

import (
	"fmt"
	"net/url"
	"time"
)

// clockTolerance is how far clocks may differ: a header "Date" has whole seconds, and an answer takes its time.
const clockTolerance = 5 * time.Second

// lookAtClocks compares the clocks of the gateway, of issuers and of this machine.
func lookAtClocks(in *Input, _ []*entry, r *reporter) {
	gateway := in.Gateway
	reference, ahead := "this machine's", time.Duration(0)
	if gateway != nil && !gateway.Date.IsZero() {
		ahead = gateway.Date.Sub(gateway.Asked)
		if off(ahead) {
			r.add(idGatewayClock, place{object: "gateway"}, "its clock is "+aside(ahead)+" this machine's")
		}
		reference = "the gateway's"
	}
	for _, address := range in.addresses() {
		answer := in.Issuers[address]
		if answer.Date.IsZero() {
			continue
		}
		if d := answer.Date.Sub(answer.Asked) - ahead; off(d) {
			r.add(idIssuerClock, place{object: hostOf(address)}, "its clock is "+aside(d)+" "+reference)
		}
	}
}

// off reports whether clocks differ by more than what is tolerated.
func off(d time.Duration) bool { return d.Abs() > clockTolerance }

// aside says how far a clock is ahead of or behind another.
func aside(d time.Duration) string {
	if d < 0 {
		return fmt.Sprintf("%s behind", d.Abs().Round(time.Second))
	}
	return fmt.Sprintf("%s ahead of", d.Round(time.Second))
}

// hostOf returns the host of an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
