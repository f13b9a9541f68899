package token_test

import (
	"strings"
	"testing"

	"apinto-jwt/test/corpus"
	"apinto-jwt/token"
)

// The project's own attacks, and what must be accepted, against packages keys and token alone.
func TestCorpus(t *testing.T) {
	rules := compiled(t)
	for _, c := range corpus.Cases() {
		if c.Request != "" {
			continue // about HTTP, which this package does not know
		}
		t.Run(c.Name, func(t *testing.T) {
			user, err := rules[c.Rule].Walk(c.Token, corpus.Now)
			if got := token.ReasonOf(err).String(); got != c.Want || user != c.User {
				t.Errorf("got %s, user %q, want %s, user %q (%v)\n%s", got, user, c.Want, c.User, err, c.Token)
			}
			if err != nil {
				leaks(t, err.Error(), c.Token)
			}
		})
	}
}

// compiled returns the corpus's rules.
func compiled(t testing.TB) map[string]*corpus.Rule {
	t.Helper()
	rules := make(map[string]*corpus.Rule)
	for name, text := range corpus.Rules() {
		rule, err := corpus.Compile(name, text)
		if err != nil {
			t.Fatalf("rule %s: %v", name, err)
		}
		rules[name] = rule
	}
	return rules
}

// leaks fails if a text shows a part of a token.
func leaks(t *testing.T, text, raw string) {
	t.Helper()
	for _, part := range strings.Split(raw, ".") {
		if len(part) >= 12 && strings.Contains(text, part[:12]) {
			t.Errorf("the error shows the token: %s", text)
			return
		}
	}
}
