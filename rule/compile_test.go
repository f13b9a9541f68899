package rule_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"apinto-jwt/rule"
	"apinto-jwt/test/corpus"
	"apinto-jwt/token"
)

// compile compiles a rule's "config", as the admin API takes it.
func compile(t *testing.T, config []byte, from rule.Origin) (*rule.Rule, error) {
	t.Helper()
	cfg := new(rule.Config)
	if err := json.Unmarshal(config, cfg); err != nil {
		t.Fatal(err)
	}
	return rule.NewCompiler([]byte("salt")).Compile("", "", cfg, from)
}

// Every token of the corpus comes to what the case says, by the rule alone.
func TestJudgeCorpus(t *testing.T) {
	rules := make(map[string]*rule.Rule)
	for name, config := range corpus.Rules() {
		r, err := compile(t, config, rule.Saved)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rules[name] = r
	}
	for _, c := range corpus.Cases() {
		if c.Request != "" || c.Want == token.UserUnknown.String() || corpus.OwnUsers(c.Rule) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			user, err := judge(rules[c.Rule], c.Token)
			if got := token.ReasonOf(err).String(); got != c.Want && (err != nil || c.Want != corpus.Accepted) || c.User != user {
				t.Errorf("got %s, %q, want %s, %q", got, user, c.Want, c.User)
			}
		})
	}
}

// judge takes a token from parse to user.
func judge(r *rule.Rule, raw string) (string, error) {
	u, err := token.Parse(raw)
	if err != nil {
		return "", err
	}
	v, err := u.Verify(r.Keys.Set)
	if err != nil {
		return "", err
	}
	return r.Judge(v, corpus.Now, false)
}

// A bad configuration is an error with its field, and none of its secrets. Stored, it is set aside with the same faults.
func TestBadRules(t *testing.T) {
	for _, bad := range corpus.BadRules() {
		t.Run(bad.Name, func(t *testing.T) {
			_, err := compile(t, bad.Config, rule.Saved)
			if !errors.Is(err, rule.ErrConfig) || !strings.Contains(err.Error(), bad.Field+": ") {
				t.Fatalf("got %v, want a fault of %s", err, bad.Field)
			}
			if bad.Hidden != "" && strings.Contains(err.Error(), bad.Hidden) {
				t.Errorf("the error shows %q", bad.Hidden)
			}
			r := rule.Compiler{}.SetAside("", "", new(rule.Config), err)
			if r.InForce() || len(r.Aside) == 0 || len(r.Locations) > 0 {
				t.Errorf("set aside as %+v", r)
			}
		})
	}
}

// Equal configurations share an ID; another salt hides what the ID stands for.
func TestIDIsSalted(t *testing.T) {
	cfg := &rule.Config{Iss: "us", Algorithm: "HS256", Secret: "a secret"}
	one, order := rule.NewCompiler([]byte("a")).Identify("", "", cfg)
	again, _ := rule.NewCompiler([]byte("a")).Identify("", "", &rule.Config{Iss: "us", Algorithm: "HS256", Secret: "a secret"})
	other, otherOrder := rule.NewCompiler([]byte("b")).Identify("", "", cfg)
	if one != again || one == other || order != otherOrder {
		t.Errorf("%q, %q, %q", one, again, other)
	}
}

// Without a location, a configuration verifies tokens all the same; every fault has its field.
func TestCompileVerifying(t *testing.T) {
	r, err := rule.CompileVerifying(&rule.Config{Algorithm: "HS256", Secret: "s", Iss: "us", ClaimsToVerify: []string{"exp"}, Leeway: 5})
	if err != nil || r.User != "us" || r.Expected.Issuer != "us" || r.Expected.Exp != token.Require || r.Expected.Leeway.Seconds() != 5 || len(r.Keys.Set.Keys()) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	_, err = rule.CompileVerifying(&rule.Config{Path: "$[", Leeway: rule.MaxLeeway + 1})
	for _, field := range []string{"config.path: ", "config.leeway: ", "config.algorithm: "} {
		if !errors.Is(err, rule.ErrConfig) || !strings.Contains(err.Error(), field) {
			t.Errorf("got %v, want a fault of %s", err, field)
		}
	}
}
