package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Each command that has an answer has it as JSON too, by two flags of the same meaning.
func TestOutputJSON(t *testing.T) {
	fake, url := newGatewayFake(t)
	fake.hashes["jwt_revoked"] = map[string]string{"a": "1"}
	s := session{t: t, stdin: "correct horse", env: map[string]string{secretVariable: longSecret, adminVariable: url}}
	for command, want := range map[string]string{
		"sign --alg HS256 --exp 1h": "token",
		"keygen --alg HS256":        "secret",
		"keygen --alg ES256":        "key pub",
		"keygen --alg ES256 --out " + t.TempDir() + "/k --force": "files",
		"password":          "hash",
		"version":           "go version",
		"revoke --app shop": "field hash value",
		"revoked list":      "jwt_not_before jwt_revoked",
		"revoked prune":     "dropped left",
	} {
		for _, flag := range []string{"--json", "--output=json"} {
			r := s.run(append(strings.Fields(command), flag)...)
			var answer map[string]any
			if err := json.Unmarshal([]byte(r.out), &answer); err != nil || r.code != exitOK {
				t.Errorf("%s %s: exit status %d, %v, %s%s", command, flag, r.code, err, r.out, r.err)
				continue
			}
			if got := strings.Join(slices.Sorted(maps.Keys(answer)), " "); got != want {
				t.Errorf("%s %s: members %s", command, flag, got)
			}
		}
	}
	for _, args := range [][]string{{"version", "--output", "xml"}, {"version", "--output", "text", "--json"}, {"sign", "--output", longSecret}} {
		if r := s.run(args...); r.code != exitUsage || strings.Contains(r.err, longSecret) {
			t.Errorf("%q: exit status %d, %s", args, r.code, r.err)
		}
	}
}

// The same flags stand for the same things: each command with an answer has --output and --json.
func TestEveryAnswerHasOutputFlags(t *testing.T) {
	for _, command := range (&tool{}).app().Commands {
		names := flagNames(command.Flags)
		without := slices.Contains([]string{"completion", "man", "help"}, command.Name)
		if has := slices.Contains(names, "output") && slices.Contains(names, "json"); has == without {
			t.Errorf("%s has the flags %v", command.Name, names)
		}
	}
}
