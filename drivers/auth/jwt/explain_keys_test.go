package jwt

import (
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/explain"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// stepOf is the report's last step of this name.
func stepOf(t *testing.T, report *explain.Report, name string) explain.Step {
	t.Helper()
	for _, s := range slices.Backward(report.Steps) {
		if s.Step == name {
			return s
		}
	}
	t.Fatalf("no step %s in %+v", name, report.Steps)
	return explain.Step{}
}

// The key is named by where it comes from: which of several PEM blocks, which of a key set's.
func TestExplainedKeys(t *testing.T) {
	first, second := jwttest.ECKey(p256), jwttest.OtherECKey(p256)
	k := newKit(t)
	k.bind(appOf("pem"), entry{config: pemRule("ES256", jwttest.PublicPEM(first)+jwttest.PublicPEM(second))})
	k.bind(appOf("set"), entry{config: es256Set(jwttest.NewJWK("a", first), jwttest.NewJWK("b", second))})
	signed := func(kid string) map[string]any {
		return map[string]any{"token": jwttest.Sign(t, "ES256", second, map[string]any{"kid": kid}, claims{"sub": "ann"})}
	}
	var details []string
	for _, s := range k.explains(signed("b")).Steps {
		if s.Step == "key" || s.Step == "signature" {
			details = append(details, s.Application+": "+s.Detail)
		}
	}
	for _, want := range []string{
		"pem@app: 2 keys fit: config.rsa_public_key", "pem@app: made with key 2 of 2, EC P-256 sha256:",
		"set@app: one key fits: config.jwks", `set@app: made with the key with kid "b"`,
	} {
		if !slices.ContainsFunc(details, func(text string) bool { return strings.HasPrefix(text, want) }) {
			t.Errorf("no %q in %q", want, details)
		}
	}
}

// Of a token with another kid the rule's key that has made it is named.
func TestNearMissInTheKeyID(t *testing.T) {
	key := jwttest.ECKey(p256)
	k := newKit(t)
	k.bind(appOf("set"), entry{config: es256Set(jwttest.NewJWK("2024-a", key), jwttest.NewJWK("2024-b", jwttest.OtherECKey(p256)))})
	report := k.explains(map[string]any{"token": jwttest.Sign(t, "ES256", key, map[string]any{"kid": "2024-c"}, claims{"sub": "ann"})})
	s := stepOf(t, report, "key")
	if report.Reason != "key_unknown" || s.Found != `kid "2024-c"` || s.Wanted != `"2024-a" or "2024-b"` {
		t.Errorf("%s: %+v", report.Reason, s)
	}
	if want := `but for kid: the key with kid "2024-a" has made the token`; !strings.Contains(report.NearMiss, want) {
		t.Errorf("near miss %q, want %q", report.NearMiss, want)
	}
}

// es256Set is a rule with a key set.
func es256Set(list ...jwttest.JWK) string {
	return ruleJSON("algorithm", `"ES256"`, "secret", "", "jwks", jwttest.JWKS(list...))
}

// Of a fetched set the address is told, and when it was fetched.
func TestExplainedKeySet(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	raw := i.a()
	report, err := explain.Explain(r.factory.driver.Authenticator, explain.Asked{Credential: &raw, At: r.clock.Now()})
	must.Succeed(t, err)
	want := "one key fits: key set " + i.URL(jwttest.KeysPath) + ", fetched " + time.Unix(rigNow, 0).UTC().Format(time.RFC3339)
	if got := stepOf(t, report, "key").Detail; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A rule that has the token's iss counts more than one whose iss is like it. Of an accepted token only the rules that accept it
// are shown.
func TestNearMissOfTheSameIssuer(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("same"), entry{config: ruleJSON("iss", quote("https://issuer.test/a"))})
	k.bind(appOf("like"), entry{config: ruleJSON("iss", quote("https://issuer.test/b"))})
	signed := func(secret string) map[string]any {
		return map[string]any{"token": tokenOf(t, secret, claims{"sub": "ann", "iss": "https://issuer.test/a"})}
	}
	report := k.explains(signed(secretB))
	if want := "of application same@app came furthest: not made with the secret"; report.Reason != "signature_invalid" || !strings.Contains(report.NearMiss, want) {
		t.Errorf("%s, near miss %q, want %q", report.Reason, report.NearMiss, want)
	}
	report = k.explains(signed(secretA))
	if i := slices.IndexFunc(report.Steps, func(s explain.Step) bool { return s.Application == "like@app" }); i >= 0 || report.MoreRules != 1 {
		t.Errorf("%s shows %+v, %d more", report.Reason, report.Steps, report.MoreRules)
	}
}
