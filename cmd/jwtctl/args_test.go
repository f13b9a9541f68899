package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func TestFlagsFirst(t *testing.T) {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "alg", Aliases: []string{"algorithm"}},
		&cli.BoolFlag{Name: "json"},
		repeatedFlag("aud", ""),
	}
	tests := []struct{ name, args, want string }{
		{"nothing", "", ""},
		{"flags alone", "--alg HS256 --json", "--alg HS256 --json"},
		{"token first", "T --alg HS256", "--alg HS256 -- T"},
		{"token between", "--json T --alg HS256", "--json --alg HS256 -- T"},
		{"token last", "--json T", "--json -- T"},
		{"alias", "T --algorithm HS256", "--algorithm HS256 -- T"},
		{"one dash", "T -alg HS256", "-alg HS256 -- T"},
		{"equals sign", "T --alg=HS256 U", "--alg=HS256 -- T U"},
		{"repeated", "T --aud a --aud b", "--aud a --aud b -- T"},
		{"standard input", "- --json", "--json -- -"},
		{"value with a dash", "T --alg -x", "--alg -x -- T"},
		{"unknown flag", "T --what", "--what -- T"},
		{"end of flags", "T --json -- --alg U", "--json -- T --alg U"},
		{"flag without value", "T --alg", "--alg -- T"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := strings.Fields(tt.args)
			before := slices.Clone(args)
			if got := strings.Join(flagsFirst(flags, args), " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if !slices.Equal(args, before) {
				t.Error("the arguments were changed")
			}
		})
	}
}

// A flag that lacks its value must not take the token for it unseen.
func TestFlagWithoutValueBeforeNothing(t *testing.T) {
	if r := (session{t: t}).run("verify", exampleToken, "--alg"); r.code != exitUsage {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
}

func TestConflictingFlags(t *testing.T) {
	s := session{t: t}
	file := s.file("secret", longSecret)
	tests := []struct {
		name string
		args []string
	}{
		{"two secrets", []string{"--alg", "HS256", "--secret", longSecret, "--secret-file", file}},
		{"two secrets, base64", []string{"--alg", "HS256", "--secret", longSecret, "--secret-base64", "AAAA"}},
		{"key and secret", []string{"--alg", "HS256", "--secret", longSecret, "--key", file}},
		{"key and base64", []string{"--alg", "ES256", "--base64", "--key", file}},
		{"key for HS256", []string{"--alg", "HS256", "--key", file}},
		{"secret for ES256", []string{"--alg", "ES256", "--secret", longSecret}},
		{"two names of one flag", []string{"--alg", "HS256", "--algorithm", "HS256", "--secret", longSecret}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, command := range []string{"sign", "verify"} {
				r := session{t: t, stdin: exampleToken}.run(append([]string{command}, tt.args...)...)
				if r.code != exitUsage || strings.Contains(r.err, longSecret) {
					t.Errorf("%s: exit status %d, %s", command, r.code, r.err)
				}
			}
		})
	}
}
