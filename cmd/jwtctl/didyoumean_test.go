package main

import (
	"strings"
	"testing"
)

// Of a command or a flag that there is not, one that is near is named.
func TestDidYouMean(t *testing.T) {
	for want, args := range map[string][]string{
		"there is no such command: did you mean verify?":                 {"verfy"},
		"there is no such command: did you mean keygen?":                 {"help", "key-gen"},
		"there is no such command\n":                                     {"eyJhbGciOiJIUzI1NiJ9"},
		"not defined: -secret-fiel: did you mean --secret-file?":         {"sign", "--secret-fiel", "x"},
		"not defined: -claimstoverify: did you mean --claims-to-verify?": {"verify", "-claimstoverify", "exp"},
		"not defined: -frobnicate\n":                                     {"verify", "--frobnicate"},
		"a command is needed: sign, inspect, verify":                     {},
	} {
		if r := (session{t: t}).run(args...); r.code != exitUsage || !strings.Contains(r.err, want) {
			t.Errorf("%q: exit status %d, %s", args, r.code, r.err)
		}
	}
}
