package jwt

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Each way of writing a secret in base64 is the same secret.
func TestBase64Secrets(t *testing.T) {
	secret := "\xfb\xff\xfe?~~ and more"
	token := tokenOf(t, secret, claims{"sub": "ann"})
	for name, text := range map[string]string{
		"standard":          base64.StdEncoding.EncodeToString([]byte(secret)),
		"standard unpadded": base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"URL":               base64.URLEncoding.EncodeToString([]byte(secret)),
		"URL unpadded":      base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"with a line end":   base64.StdEncoding.EncodeToString([]byte(secret)) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{config: ruleJSON("secret", quote(text), "signature_is_base_64", `true`)})
			if got := answer(inHeader(t, token), list...); got != "ann of a@app" {
				t.Errorf("got %s", got)
			}
		})
	}
	t.Run("not said to be base64", func(t *testing.T) {
		k := newKit(t)
		text := base64.StdEncoding.EncodeToString([]byte(secret))
		list := k.bind(appOf("a"), entry{config: ruleJSON("secret", quote(text))})
		if got := answer(inHeader(t, tokenOf(t, text, claims{"sub": "ann"})), list...); got != "ann of a@app" {
			t.Errorf("got %s", got)
		}
	})
}

// No text that an administrator or a log sees may hold the secret.
func TestNoErrorShowsTheSecret(t *testing.T) {
	const secret = "SeCrEt-of-the-test"
	k := newKit(t)
	for name, e := range map[string]entry{
		"another fault":  {config: ruleJSON("secret", quote(secret), "algorithm", `"RS1"`, "claims_to_verify", `["x"]`)},
		"not base64":     {config: ruleJSON("secret", quote(secret+"*"), "signature_is_base_64", `true`)},
		"wrong type":     {config: ruleJSON("secret", `["`+secret+`"]`)},
		"for a key":      {config: ruleJSON("secret", quote(secret), "algorithm", `"RS256"`)},
		"as the PEM":     {config: pemRule("RS256", secret)},
		"PEM wrong type": {config: ruleJSON("algorithm", `"RS256"`, "rsa_public_key", `["`+secret+`"]`)},
	} {
		t.Run(name, func(t *testing.T) {
			if err := k.fault(e); strings.Contains(err.Error(), secret) {
				t.Errorf("shown: %v", err)
			}
		})
	}
	a := k.make(entry{config: ruleJSON("secret", quote(secret), "other", `"`+secret+`"`)})
	if text := strings.Join(a.rule.Warnings, " ") + a.ID(); strings.Contains(text, secret) {
		t.Errorf("shown in the warnings: %s", text)
	}
}

func TestShortSecretWarns(t *testing.T) {
	k := newKit(t)
	for _, test := range []struct {
		name, config string
		warns        bool
	}{
		{"the documented one", ruleJSON("secret", `"apinto"`), true},
		{"31 bytes", ruleJSON("secret", quote(secretA[:31])), true},
		{"32 bytes", ruleJSON("secret", quote(secretA[:32])), false},
		{"32 bytes for HS384", ruleJSON("secret", quote(secretA[:32]), "algorithm", `"HS384"`), true},
		{"64 bytes for HS512", ruleJSON("secret", quote(secretA), "algorithm", `"HS512"`), false},
		{"32 letters of base64 are 24 bytes", ruleJSON("secret", quote(strings.Repeat("A", 32)), "signature_is_base_64", `true`), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := len(k.make(entry{config: test.config}).rule.Warnings) > 0; got != test.warns {
				t.Errorf("warns: %t, want %t", got, test.warns)
			}
		})
	}
}
