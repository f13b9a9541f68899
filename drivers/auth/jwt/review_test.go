package jwt

import (
	"crypto/elliptic"
	"strings"
	"testing"

	builtin "github.com/eolinker/apinto/application/auth/jwt"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// reviews are entries that a stock gateway stores, each with a token that is good but for what is tried.
func reviews() map[string]struct {
	entry  entry
	sign   any // the token's key
	claims claims
	want   rule.Effect // of the first finding; empty: there is none
	field  string
} {
	smallRSA, p256 := jwttest.RSAKey(1024), jwttest.ECKey(elliptic.P256())
	pem := func(key any) string { return quote(jwttest.PublicPEM(key)) }
	never := claims{"iss": "us", "sub": "ann", "exp": 4102444800}
	const secret, listed = secretA, `["exp"]`
	return map[string]struct {
		entry  entry
		sign   any
		claims claims
		want   rule.Effect
		field  string
	}{
		"nothing":                {entry{config: ruleJSON("claims_to_verify", listed)}, secret, never, "", ""},
		"empty secret":           {entry{config: ruleJSON("secret", `""`)}, "x", never, rule.EffectSetAside, "config.secret"},
		"blank secret":           {entry{config: ruleJSON("secret", `" "`)}, " ", never, rule.EffectLost, "config.secret"},
		"bad base64":             {entry{config: ruleJSON("secret", `"*"`, "signature_is_base_64", "true")}, "x", never, rule.EffectSetAside, "config.secret"},
		"loose base64":           {entry{config: ruleJSON("secret", `"YR=="`, "signature_is_base_64", "true")}, "a", never, rule.EffectLost, "config.secret"},
		"small RSA key":          {entry{config: ruleJSON("algorithm", `"RS256"`, "rsa_public_key", pem(smallRSA))}, smallRSA, never, rule.EffectLost, "config.rsa_public_key"},
		"PEM of another kind":    {entry{config: ruleJSON("algorithm", `"RS256"`, "rsa_public_key", pem(p256))}, smallRSA, never, rule.EffectSetAside, "config.rsa_public_key"},
		"unknown claim":          {entry{config: ruleJSON("claims_to_verify", `["aud"]`)}, secret, never, rule.EffectSetAside, "config.claims_to_verify"},
		"bad path":               {entry{config: ruleJSON("path", `"$["`)}, secret, never, rule.EffectSetAside, "config.path"},
		"nobody to be":           {entry{config: ruleJSON("path", `""`)}, secret, never, rule.EffectSetAside, "config.path"},
		"the empty name":         {entry{config: ruleJSON("path", `""`), users: usersJSON("")}, secret, never, rule.EffectLost, "config.path"},
		"another issuer":         {entry{config: ruleJSON("iss", `"them"`, "claims_to_verify", listed)}, secret, never, rule.EffectDiffers, "config.iss"},
		"expired":                {entry{}, secret, claims{"iss": "us", "sub": "ann", "exp": 1}, rule.EffectDiffers, "config.claims_to_verify"},
		"an audience":            {entry{config: ruleJSON("audience", `"us"`, "claims_to_verify", listed)}, secret, never, rule.EffectDiffers, "config.audience"},
		"a field of wrong type":  {entry{config: ruleJSON("audience", `5`)}, secret, never, rule.EffectLost, "config.audience"},
		"a claim with a blank":   {entry{config: ruleJSON("claims_to_verify", `[" exp"]`)}, secret, never, rule.EffectOpens, "config.claims_to_verify"},
		"no users":               {entry{config: ruleJSON("claims_to_verify", listed), users: `[]`}, secret, never, rule.EffectWarning, "users"},
		"a short secret":         {entry{config: ruleJSON("claims_to_verify", listed, "secret", `"short"`)}, "short", never, rule.EffectWarning, "config.secret"},
		"an unknown field":       {entry{config: ruleJSON("claims_to_verify", listed, "colour", `1`)}, secret, never, rule.EffectWarning, "config.colour"},
		"a password of any type": {entry{config: ruleJSON("claims_to_verify", listed), users: `[{"pattern":{"username":"ann","password":5}}]`}, secret, never, rule.EffectWarning, "users[0].pattern.password"},
	}
}

// What a review says of an entry is what the builtin and this driver do.
func TestReview(t *testing.T) {
	for name, test := range reviews() {
		t.Run(name, func(t *testing.T) {
			findings, err := rule.Review([]byte(appJSON(test.entry)))
			if err != nil {
				t.Fatal(err)
			}
			got, field := rule.Effect(""), ""
			if len(findings) > 0 {
				got, field = findings[0].Effect, findings[0].Text
			}
			if got != test.want || !strings.HasPrefix(field, test.field) {
				t.Errorf("got %s %q", got, field)
			}
			algorithm := "HS256"
			if _, isText := test.sign.(string); !isText {
				algorithm = "RS256"
			}
			raw := jwttest.Sign(t, algorithm, test.sign, map[string]any{"typ": "JWT"}, test.claims)
			theirs, ours := builtinAccepts(t, test.entry, raw), storedAccepts(t, test.entry, raw)
			want := map[rule.Effect][2]bool{
				"": {true, true}, rule.EffectLost: {true, false}, rule.EffectSetAside: {false, false},
				rule.EffectOpens: {false, true}, rule.EffectDiffers: {true, false}, rule.EffectWarning: {theirs, theirs},
			}[got]
			if got := [2]bool{theirs, ours}; got != want {
				t.Errorf("the builtin and this driver accept: %v, want %v", got, want)
			}
		})
	}
}

// builtinAccepts reports whether the host's own driver accepts the token under the entry.
func builtinAccepts(t *testing.T, e entry, raw string) bool {
	t.Helper()
	e = e.filled()
	f := builtin.NewFactory()
	a, err := f.Create(e.name, e.position, host.BaseConfig(t, f, e.config))
	if err != nil {
		t.Fatalf("the builtin would not have stored it: %s", err)
	}
	a.Set(appOf("shop"), host.Users(t, f, e.users))
	user, ok := a.GetUser(inHeader(t, raw))
	return ok && user != nil
}

// storedAccepts reports whether this driver accepts it if the entry is stored.
func storedAccepts(t *testing.T, e entry, raw string) bool {
	t.Helper()
	k := storedKit(t)
	user, ok := k.bind(appOf("shop"), e)[0].GetUser(inHeader(t, raw))
	return ok && user != nil
}

func TestReviewOfWhatIsNoApplication(t *testing.T) {
	for text, fails := range map[string]bool{
		`{}`: false, `{"auth":null}`: false, `{"auth":[{"type":"apikey","config":{}}]}`: false, `5`: true, `{"auth":5}`: true, ``: true,
	} {
		if list, err := rule.Review([]byte(text)); (err != nil) != fails || len(list) > 0 {
			t.Errorf("%s: %v, %v", text, list, err)
		}
	}
}

func TestReviewShowsNoSecret(t *testing.T) {
	list, err := rule.Review([]byte(appJSON(entry{config: ruleJSON("secret", `"hush-hush*"`, "signature_is_base_64", "true"), users: `[{"pattern":{"username":"ann","password":"hush-hush"}}]`})))
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	for _, f := range list {
		if strings.Contains(f.Text, "hush") {
			t.Errorf("%s", f.Text)
		}
	}
}
