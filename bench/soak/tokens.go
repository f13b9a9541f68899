package soak

import "apinto-jwt/bench/gate"

// share is the part of the time after which every token has been sent once.
const share = 0.9

// rate returns the requests a second that send all tokens in time: every second request brings a new one.
func rate(o Options) float64 { return 2 * float64(o.Tokens) / (share * o.Length.Seconds()) }

// recent bounds how many tokens back one lies that comes again.
const recent = 1000

// number returns the number of the n-th request's token: with even n the next new one, with odd n one of the last 1,000.
func number(n, tokens int) int {
	latest := n / 2 % tokens
	if n%2 == 0 {
		return latest
	}
	back := n * 7919 % recent
	return max(0, latest-back)
}

// tokenOf makes the token of a number; the applications are in turn.
func tokenOf(rules []gate.Rule, number int) string {
	rule := rules[number%len(rules)]
	return rule.Key.Numbered(rule.Claims, uint64(number)) //nolint:gosec // not negative
}

// different returns the number of tokens that so many requests have brought.
func different(requests, tokens int) int { return min((requests+1)/2, tokens) }
