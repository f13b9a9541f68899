package jwt

import (
	"reflect"
	"testing"

	"apinto-jwt/rule"
)

// otherValues has another value for each field, so that no field can be added without one.
var otherValues = map[string]string{
	"iss":                  `"x"`,
	"algorithm":            `"HS384"`,
	"secret":               `"x"`,
	"rsa_public_key":       `"x"`,
	"path":                 `"x"`,
	"claims_to_verify":     `["exp"]`,
	"signature_is_base_64": `true`,
	"jwks":                 `"{}"`,
	"jwks_uri":             `"https://x"`,
	"jwks_refresh":         `31`,
	"jwks_max_stale":       `61`,
	"jwks_ca":              `"x"`,
	"jwks_allow_http":      `true`,
	"audience":             `["x"]`,
	"leeway":               `1`,
	"max_lifetime":         `1`,
	"token_type":           `"x"`,
	"required_claims":      `{"x":["y"]}`,
	"cookie_name":          `"x"`,
	"claims_to_labels":     `{"x":"y"}`,
	"issue":                `{}`,
}

// ruleID is the ID for a configuration, valid or not.
func (k *kit) ruleID(name, position, config string) string {
	k.t.Helper()
	id, _ := k.driver.compiler.Identify(name, position, baseConfig(k.t, k, config).Config().(*rule.Config))
	return id
}

func TestEveryFieldChangesTheID(t *testing.T) {
	k := newKit(t)
	seen := map[string]string{k.ruleID("", "", ruleJSON()): "nothing changed"}
	add := func(what, id string) {
		if before, ok := seen[id]; ok {
			t.Errorf("%s: the ID of %s", what, before)
		}
		seen[id] = what
	}
	eachField(t, func(name string, _ reflect.StructField) {
		value, ok := otherValues[name]
		if !ok {
			t.Fatalf("%s has no other value in this test", name)
		}
		add(name, k.ruleID("", "", ruleJSON(name, value)))
	})
	add("position", k.ruleID("", "header", ruleJSON()))
	add("token_name", k.ruleID("x", "", ruleJSON()))
}

// What stands in one field must not be taken for what stands in another.
func TestIDIsNotAmbiguous(t *testing.T) {
	k := newKit(t)
	type parts struct{ name, position, config string }
	rules := []parts{
		{"ab", "c", ruleJSON()},
		{"a", "bc", ruleJSON()},
		{"", "abc", ruleJSON()},
		{"abc", "", ruleJSON()},
		{"a\",\"b", "c", ruleJSON()},
		{"", "", ruleJSON("iss", `"ab"`, "path", `"c"`)},
		{"", "", ruleJSON("iss", `"a"`, "path", `"bc"`)},
		{"", "", ruleJSON("iss", `"a"`, "secret", `"bc"`)},
		{"", "", ruleJSON("iss", `"ab"`, "secret", `"c"`)},
		{"", "", ruleJSON("secret", `"a"`, "rsa_public_key", `"b"`)},
		{"", "", ruleJSON("secret", `"ab"`, "rsa_public_key", `""`)},
		{"", "", ruleJSON("secret", `""`, "rsa_public_key", `"ab"`)},
		{"", "", ruleJSON("secret", `"a\u0000"`, "rsa_public_key", `"b"`)},
		{"", "", ruleJSON("secret", `"a"`, "rsa_public_key", `"\u0000b"`)},
		{"", "", ruleJSON("iss", `"x"`, "path", `""`)},
		{"", "", ruleJSON("iss", `""`, "path", `"x"`)},
		{"", "", ruleJSON("claims_to_verify", `["exp","nbf"]`)},
		{"", "", ruleJSON("claims_to_verify", `["exp,nbf"]`)},
		{"", "", ruleJSON("claims_to_verify", `["expnbf"]`)},
		{"", "", ruleJSON("claims_to_verify", `[]`)},
		{"", "", ruleJSON("claims_to_verify", `[""]`)},
		{"", "", ruleJSON("claims_to_verify", `null`)},
		{"", "", ruleJSON("claims_to_verify", `["exp"]`, "signature_is_base_64", `false`)},
		{"", "", ruleJSON("claims_to_verify", `["exp"]`, "signature_is_base_64", `true`)},
		{"", "", ruleJSON("iss", `"<"`)},
		{"", "", ruleJSON("iss", `"\\u003c"`)},
		{"", "", ruleJSON("iss", `"é"`)},
		{"", "", ruleJSON("iss", `"e\u0301"`)},
	}
	seen := map[string]parts{}
	for _, r := range rules {
		id := k.ruleID(r.name, r.position, r.config)
		if other, ok := seen[id]; ok {
			t.Errorf("%+v has the ID of %+v", r, other)
		}
		seen[id] = r
	}
}

func TestIDIsStable(t *testing.T) {
	k := newKit(t)
	first := k.make(entry{config: ruleJSON("iss", `"a"`)})
	if again := k.make(entry{config: `{ "path":"sub", "iss":"a", "algorithm":"HS256", "secret":` + quote(secretA) + `}`}); again.ID() != first.ID() {
		t.Error("the order of the members makes another rule")
	}
	if other := newKit(t).make(entry{config: ruleJSON("iss", `"a"`)}); other.ID() == first.ID() {
		t.Error("another factory has the same ID for the rule: it could be searched for the secret")
	} else if other.rule.Order != first.rule.Order {
		t.Error("another factory puts the rule in another place")
	}
	if first.Driver() != "jwt" {
		t.Errorf("the driver is %q", first.Driver())
	}
}
