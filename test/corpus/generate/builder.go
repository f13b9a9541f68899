package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// builder collects the cases.
type builder struct {
	keys  *forge.Keyring
	class string
	cases []corpus.Case
	rules map[string]any

	routeCases []corpus.RouteCase
}

func newBuilder() *builder {
	b := &builder{keys: forge.Load()}
	b.rules = rules(b.keys)
	return b
}

// What most tokens say.
const (
	issuer  = "https://issuer.test"
	header  = `{"alg":"HS256","typ":"JWT"}`
	payload = `{"iss":"https://issuer.test","sub":"alice","exp":4102444800}`
)

// malformed and the others are the reasons that most cases end with.
const (
	malformed = "token_malformed"
	badSig    = "signature_invalid"
	badAlg    = "algorithm_not_allowed"
	badIssuer = "issuer_mismatch"
	badType   = "type_not_allowed"
	expired   = "token_expired"
	early     = "token_not_yet_valid"
	missing   = "claim_missing"
	noUser    = "user_missing"
	unknown   = "user_unknown"
	ended     = "user_expired"
	tooLarge  = "token_too_large"
	critical  = "critical_unknown"
	badClaim  = "claim_mismatch"
	badAud    = "audience_mismatch"
	tooLong   = "lifetime_too_long"
)

// mainRule is the rule of all cases that are not about keys.
const mainRule = "hs256"

// add notes a token that must be refused.
func (b *builder) add(name, rule, token, want string) {
	b.note(corpus.Case{Name: name, Rule: rule, Token: token, Want: want})
}

// accept notes a token that must be accepted, for the user.
func (b *builder) accept(name, rule, token, user string) {
	b.note(corpus.Case{Name: name, Rule: rule, Token: token, Want: corpus.Accepted, User: user})
}

// edge marks the last case as one that turns at corpus.Now.
func (b *builder) edge() { b.cases[len(b.cases)-1].Edge = true }

// note adds the case under the class.
func (b *builder) note(c corpus.Case) {
	c.Class = b.class
	c.Name = b.class + "/" + c.Name
	for _, other := range b.cases {
		if other.Name == c.Name {
			panic("twice: " + c.Name)
		}
	}
	if _, ok := b.rules[c.Rule]; !ok {
		panic("no such rule: " + c.Rule)
	}
	b.cases = append(b.cases, c)
}

// withSignature returns a token with a signature made elsewhere, from its signing input.
func withSignature(header, payload string, sign func(input string) []byte) string {
	input := forge.Encode([]byte(header)) + "." + forge.Encode([]byte(payload))
	return input + "." + forge.Encode(sign(input))
}

// headerOf returns the usual header of an algorithm.
func headerOf(alg string) string { return `{"alg":"` + alg + `","typ":"JWT"}` }

// hs returns a token of the main rule with this header and payload.
func (b *builder) hs(header, payload string) string {
	return forge.Compact("HS256", b.keys.Secret, header, payload)
}

// ruleOf returns the name of the plain rule of an algorithm.
func ruleOf(alg string) string { return strings.ToLower(alg) }

func jsonLines[T any](list []T) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, item := range list {
		must(encoder.Encode(item))
	}
	return out.Bytes()
}

func indented(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	must(encoder.Encode(v))
	return out.Bytes()
}

func jsonText(v any) string {
	out, err := json.Marshal(v)
	must(err)
	return string(out)
}

// must stops the program: there is no corpus without its keys.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
