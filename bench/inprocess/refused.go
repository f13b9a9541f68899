package inprocess

import (
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/peer"
	"apinto-jwt/bench/timing"
	"apinto-jwt/bench/token"
)

// The kinds of refused tokens.
const (
	Garbage        = "garbage in three parts"
	WrongSignature = "wrong HS256 signature"
	Expired        = "expired"
)

// RefusedKinds are all kinds, in the order of the tables.
var RefusedKinds = []string{Garbage, WrongSignature, Expired}

// Refused measures a kind of refused tokens with n rules. All authenticators that the host has of them are asked. The
// libraries know nothing of rules and stand beside one.
func Refused(kind string, n int, o timing.Options) timing.Results {
	rules := gate.Rules(n, false)
	texts := refusedTexts(kind, rules)
	all := func(int) int { return 0 }
	contenders := []timing.Contender{
		driver(Ours, false, each(texts), untilYes(gate.BindRules(gate.Ours(), rules), all)),
		driver(Builtin, false, each(texts), untilYes(gate.BindRules(gate.Builtin(), rules), all)),
		driver(Nothing, false, each(texts), untilYes(gate.BindRules(gate.Nothing(""), rules), all)),
	}
	if n == 1 {
		for _, p := range peer.All() {
			contenders = append(contenders, library(p, rules[0].Key, false, texts))
		}
	}
	return timing.Compare(o, contenders)
}

// refusedTexts are tokens that name the rules in turn.
func refusedTexts(kind string, rules []gate.Rule) []string {
	texts := make([]string, gate.Size)
	for i := range texts {
		rule := rules[i*len(rules)/gate.Size]
		switch kind {
		case Garbage:
			texts[i] = token.Garbage
		case WrongSignature:
			texts[i] = rule.Key.WrongSignature(rule.Claims)
		default:
			rule.Claims.Expired = true
			texts[i] = rule.New()
		}
	}
	return texts
}
