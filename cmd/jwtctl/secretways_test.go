package main

import (
	"slices"
	"strings"
	"testing"
)

// notSecret are flags whose values are no secrets, and secretWays those whose values are, each with the ways beside the
// command line that there are for it.
var (
	notSecret = strings.Fields(`admin alg algorithm app at aud base64 bits claims-to-verify cost data exp fail-on force format header iat iss jti json jwks key
		kid leeway max-lifetime nbf now online out output password-file path required-claim secret-file skip sub typ type until user
		request from dir reason past count for`)
	secretWays = map[string][]string{
		"secret":        {"secret-file", secretVariable},
		"secret-base64": {"secret-file", "base64"},
		"password":      {"password-file"},
		"claim":         {"claims"}, // a claim may be private; --claims reads a file or standard input
		"claims":        {"claims"},
	}
)

// Nobody has to put a secret on the command line, where others see it. A new flag must be put into one of the lists.
func TestSecretsHaveAnotherWay(t *testing.T) {
	for _, command := range (&tool{}).app().Commands {
		names := flagNames(command.Flags)
		for _, name := range names {
			ways, secret := secretWays[name]
			if !secret && !slices.Contains(notSecret, name) {
				t.Errorf("%s --%s: is its value a secret?", command.Name, name)
			}
			for _, way := range ways {
				if !slices.Contains(names, way) && way != secretVariable {
					t.Errorf("%s --%s: there is no --%s", command.Name, name, way)
				}
			}
		}
	}
}
