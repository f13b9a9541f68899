package rule

import (
	"slices"
	"testing"

	"apinto-jwt/internal/configjson"
)

func TestMeantField(t *testing.T) {
	fields := configjson.FieldNames[Config]()
	for name, want := range map[string]string{
		"leewayy": "leeway", "leway": "leeway", "laeway": "leeway", "Lee_Way": "leeway", "aud": "audience", "audiance": "audience", "audienc": "audience",
		"require_claims": "required_claims", "requiredClaims": "required_claims", "public_key": "rsa_public_key", "rsa_publik_key": "rsa_public_key",
		"key_claim_name": "iss", "exp": "claims_to_verify", "issuer": "iss", "jwksUri": "jwks_uri", "jwks_url": "jwks_uri", "secrets": "secret",
		"base64_secret": "signature_is_base_64", "clock-skew": "leeway", "algorythm": "algorithm", "paht": "path", "cookieName": "cookie_name",
		"hide_credentials": "hide_credential of each user", "tokenName": "token_name, beside config", "position": "position, beside config",
		"maximum_expiration": "max_lifetime", "typ": "token_type", "issue_": "issue",
		"colour": "", "other": "", "id": "", "x": "", "": "", "comment": "", "description": "", "enabled": "", "tenant": "", "用户": "",
	} {
		if got := configjson.MeantField(name, fields, foreignNames, besideNames); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	for value, want := range map[string]string{"headers": "; did you mean header", "Query": "; did you mean query", "cookie": "", "boody": "; did you mean body", "": ""} {
		if got := configjson.DidYouMean(value, positions); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

// The names of others are looked up in their plain form, and mean a field of ours.
func TestForeignNames(t *testing.T) {
	for _, names := range []map[string]string{foreignNames, besideNames, issueNames, entryNames, userNames, patternNames} {
		for name, field := range names {
			if configjson.PlainName(name) != name || field == "" {
				t.Errorf("%q is not in its plain form, or means nothing", name)
			}
		}
	}
	fields := append(configjson.FieldNames[Config](), "issue.private_key")
	for name, field := range foreignNames {
		if !slices.Contains(fields, field) {
			t.Errorf("%q means %q, which is no field", name, field)
		}
	}
	for name, field := range issueNames {
		if !slices.Contains(configjson.FieldNames[IssueConfig](), field) {
			t.Errorf("%q means %q, which is no field", name, field)
		}
	}
}
