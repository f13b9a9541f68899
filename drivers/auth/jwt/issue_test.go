package jwt

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	signing "apinto-jwt/issuer"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// hashOfSecret is bcrypt of "correct horse", at the least cost that is accepted.
const hashOfSecret = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"

// withPassword is a list of one user who has one.
func withPassword(name, hash string) string {
	return fmt.Sprintf(`[{"pattern":{"username":%q,"password":%q}}]`, name, hash)
}

// keyPair makes a key pair as JSON strings, and the private key as it is.
func keyPair(t testing.TB, alg keys.Algorithm) (private, public string) {
	t.Helper()
	key, pub, err := signing.GenerateKeyPair(alg, 0)
	must.Succeed(t, err)
	return quote(key.Reveal()), quote(pub)
}

// jwksOf is a key pair's public half as a JWK Set with an ID.
func jwksOf(t testing.TB, public, id string, alg keys.Algorithm) string {
	t.Helper()
	var pem string
	must.Succeed(t, json.Unmarshal([]byte(public), &pem))
	list, err := keys.ParsePublicPEM(pem)
	must.Succeed(t, err)
	key, err := keys.NewPublicKey(id, list[0], alg)
	must.Succeed(t, err)
	text, err := keys.EncodeJWKS(keys.NewSet(key))
	must.Succeed(t, err)
	return string(text)
}

// A token that is made under a rule is accepted by it, whatever the rule asks for that can be fulfilled.
func TestMintedTokenIsAccepted(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	edPrivate, edPublic := keyPair(t, keys.EdDSA)
	_, oldPublic := keyPair(t, keys.ES256)
	asymmetric := func(members ...string) string {
		return ruleJSON(append([]string{"secret", "", "algorithm", `"ES256"`, "rsa_public_key", public, "issue", `{"private_key":` + private + `}`}, members...)...)
	}
	tests := []struct {
		name, config, user string
		payload, header    string // a gjson path and its value, "path=value"
	}{
		{"plain", ruleJSON("issue", `{}`), "ann", "sub=ann", "typ=at+jwt"},
		{"issuer", ruleJSON("iss", `"us"`, "issue", `{}`), "ann", "iss=us", ""},
		{"a member", ruleJSON("path", `"name"`, "issue", `{}`), "ann", "name=ann", ""},
		{"a nested member", ruleJSON("path", `"$.user['first.name']"`, "issue", `{}`), "ann", `user.first\.name=ann`, ""},
		{"a nested gjson path", ruleJSON("path", `"user.0"`, "issue", `{}`), "ann", "user.0=ann", ""},
		{"no path", ruleJSON("path", "", "iss", `"ann"`, "issue", `{}`), "ann", "sub=ann", ""},
		{"a number", ruleJSON("issue", `{}`), "17", "sub=17", ""},
		{"an odd name", ruleJSON("issue", `{}`), `a"\u00e9|/ <b>`, `sub=a"\u00e9|/ <b>`, ""},
		{"demands", ruleJSON("iss", `"us"`, "audience", `["a","b"]`, "claims_to_verify", `["exp","nbf"]`, "max_lifetime", "900",
			"required_claims", `{"scope":["read"],"client_id":[],"sub":["ann"],"jti":[]}`, "issue", `{"claims":{"scope":"read"}}`), "ann", `aud=["a","b"]`, ""},
		{"the client is the audience", ruleJSON("issue", `{}`), "ann", "aud=shop", ""},
		{"own audience", ruleJSON("audience", `["a","b"]`, "issue", `{"audience":"b"}`), "ann", "aud=b", ""},
		{"type", ruleJSON("token_type", `"JWT"`, "issue", `{}`), "ann", "", "typ=JWT"},
		{"kid of a secret", ruleJSON("issue", `{"kid":"k1"}`), "ann", "", "kid=k1"},
		{"key pair", asymmetric(), "ann", "client_id=shop", "alg=ES256"},
		{"key pair with kid", asymmetric("issue", `{"private_key":`+private+`,"kid":"k7"}`), "ann", "", "kid=k7"},
		{"two public keys", asymmetric("rsa_public_key", strings.TrimSuffix(oldPublic, `"`)+public[1:]), "ann", "sub=ann", ""},
		{"key set", asymmetric("rsa_public_key", "", "jwks", jwksOf(t, public, "k9", keys.ES256)), "ann", "", "kid=k9"},
		{"key set, several algorithms", asymmetric("rsa_public_key", "", "algorithm", `"RS256,EdDSA"`, "jwks", jwksOf(t, edPublic, "e", keys.EdDSA),
			"issue", `{"private_key":`+edPrivate+`}`), "ann", "", "kid=e"},
		{"Ed25519", asymmetric("algorithm", `"Ed25519"`, "rsa_public_key", edPublic, "issue", `{"private_key":`+edPrivate+`}`), "ann", "", "alg=Ed25519"},
		{"both names of Ed25519", asymmetric("algorithm", `"Ed25519,EdDSA"`, "rsa_public_key", edPublic, "issue", `{"private_key":`+edPrivate+`}`), "ann", "", "alg=Ed25519"},
		{"ttl", ruleJSON("issue", `{"access_ttl":60}`), "ann", fmt.Sprintf("exp=%d", noon+60), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var user string
			must.Succeed(t, json.Unmarshal([]byte(`"`+strings.ReplaceAll(tt.user, `"`, `\"`)+`"`), &user))
			k := newKit(t)
			auths := k.bind(appOf("shop"), entry{config: tt.config, users: withPassword(user, hashOfSecret)})
			account, ok := Of(k.factory).Accounts().Account("shop", user)
			if !ok {
				t.Fatal("there is no such account")
			}
			raw, lifetime, err := account.Mint("f.1", rule.Grant{}, k.driver.Clock.Now())
			must.Succeed(t, err)
			if got := answer(inHeader(t, raw), auths...); got != user+" of shop@app" {
				t.Errorf("it is answered with %s", got)
			}
			p := parsed(t, raw)
			for text, want := range map[string]string{p.UntrustedPayload(): tt.payload, p.UntrustedHeader(): tt.header} {
				if path, value, ok := strings.Cut(want, "="); ok {
					var plain string
					_ = json.Unmarshal([]byte(`"`+strings.ReplaceAll(value, `"`, `\"`)+`"`), &plain)
					if got := gjson.Get(text, path); got.String() != plain && got.Raw != value {
						t.Errorf("%s is %s, want %s", path, got.Raw, value)
					}
				}
			}
			if lifetime != account.AccessTTL() || gjson.Get(p.UntrustedPayload(), "jti").Str != "f.1" {
				t.Errorf("lifetime %s of %s; %s", lifetime, account.AccessTTL(), p.UntrustedPayload())
			}
			k.clock.Add(int64(lifetime / time.Second))
			if got := answer(inHeader(t, raw), auths...); got != "token_expired" {
				t.Errorf("after its lifetime it is answered with %s", got)
			}
		})
	}
}

// The default key ID of a key pair is its thumbprint, which the key set that is published has too.
func TestPublishedKeys(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	_, oldPublic := keyPair(t, keys.ES256) // a partner's, which is not published
	k := newKit(t)
	k.bind(appOf("secretive"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	k.bind(appOf("silent"), entry{name: "X-Silent", config: ruleJSON("secret", "", "algorithm", `"ES256"`, "rsa_public_key", oldPublic)})
	accounts := Of(k.factory).Accounts()
	if n := accounts.Keys().Len(); n != 0 {
		t.Fatalf("%d keys of rules that have no key pair, or do not issue", n)
	}
	k.bind(appOf("shop"), entry{config: ruleJSON("secret", "", "algorithm", `"ES256"`,
		"rsa_public_key", strings.TrimSuffix(oldPublic, `"`)+public[1:], "issue", `{"private_key":`+private+`}`), users: withPassword("ann", hashOfSecret)})
	account, _ := accounts.Account("shop@app", "ann")
	raw, _, err := account.Mint("f.1", rule.Grant{}, k.driver.Clock.Now())
	must.Succeed(t, err)
	set := accounts.Keys()
	if set.Len() != 1 || set.Keys()[0].ID() == "" || set.Keys()[0].ID() != parsed(t, raw).Lookup().KeyID {
		t.Errorf("%d keys, the first is %q; the token says %q", set.Len(), set.Keys()[0].ID(), parsed(t, raw).Lookup().KeyID)
	}
	text, err := keys.EncodeJWKS(set)
	if err != nil || strings.Contains(string(text), `"d"`) {
		t.Errorf("%s, %v", text, err)
	}
}

// What is printed of a rule shows neither the private key nor a password.
func TestIssueIsNotPrinted(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	k := newKit(t)
	auths := k.bind(appOf("shop"), entry{config: ruleJSON("secret", "", "algorithm", `"ES256"`, "rsa_public_key", public,
		"issue", `{"private_key":`+private+`}`), users: withPassword("ann", hashOfSecret)})
	a, _ := Of(k.factory).Accounts().Account("shop", "ann")
	var body string
	_ = json.Unmarshal([]byte(private), &body)
	body = strings.Split(body, "\n")[1]
	for _, v := range []any{auths[0].rule, *auths[0].rule, *auths[0].rule.Issue, *a, a} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, body) || strings.Contains(text, hashOfSecret) {
				t.Errorf("%s of %T shows it", verb, v)
			}
		}
	}
}

// A cheap hash that is stored counts, with a warning; it is refused when it is saved.
func TestCheapHashIsServed(t *testing.T) {
	k := storedKit(t)
	cheap := "$2a$09" + hashOfSecret[6:]
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", cheap)})
	if account, ok := Of(k.factory).Accounts().Account("shop", "ann"); !ok || account.Password().Reveal() != cheap {
		t.Error("the stored hash does not count")
	}
	if text := fmt.Sprint(k.driver.status().Warnings); !strings.Contains(text, "users[0].pattern.password: has cost 9") {
		t.Errorf("no warning in %s", text)
	}
}
