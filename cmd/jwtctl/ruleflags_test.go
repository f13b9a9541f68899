package main

import (
	"strings"
	"testing"
)

// The driver finds its rule by algorithm and issuer before it looks at a signature, and so do the reasons.
func TestVerifyReasonsInTheDriversOrder(t *testing.T) {
	raw := encode(`{"alg":"HS256"}`, `{"iss":"evil"}`, strings.Repeat("x", 32))
	for alg, want := range map[string]string{
		"HS256": "refused: issuer_mismatch: payload.iss: is not the configured issuer; wanted \"apinto\", got \"evil\"\nrefused: signature_invalid: ",
		"HS512": "refused: algorithm_not_allowed: ",
	} {
		r := session{t: t}.run("verify", "--alg", alg, "--secret", longSecret, "--iss", "apinto", raw)
		if r.code != exitFailed || !strings.HasPrefix(r.out, want) || alg == "HS512" && strings.Contains(r.out, "issuer_mismatch") {
			t.Errorf("%s: exit status %d, %s", alg, r.code, r.out)
		}
	}
}

func TestVerifyUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"unknown claim":        {"--claims-to-verify", "exp,iat"},
		"empty claim":          {"--claims-to-verify", "exp,"},
		"bad leeway":           {"--leeway", "long"},
		"negative leeway":      {"--leeway", "-1s"},
		"negative lifetime":    {"--max-lifetime", "-1"},
		"long leeway":          {"--leeway", "301s"},
		"half a second":        {"--leeway", "1500ms"},
		"long lifetime":        {"--max-lifetime", "3651d"},
		"no JWT type":          {"--type", "jose"},
		"empty audience":       {"--aud", ""},
		"bad time":             {"--now", "later"},
		"bad path":             {"--path", "$.a["},
		"path with empty name": {"--path", "a..b"},
	} {
		t.Run(name, func(t *testing.T) {
			r := session{t: t}.run(append([]string{"verify", "--alg", "HS256", "--secret", longSecret, exampleToken}, args...)...)
			if r.code != exitUsage || r.out != "" {
				t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
			}
		})
	}
}
