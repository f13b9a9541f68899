package jwt

import (
	"crypto/elliptic"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// setOf is a key set as the admin API takes it.
func setOf(list ...jwttest.JWK) string { return jwttest.JWKS(list...) }

// es256 is a rule with an inline key set, whose users are named by "sub", with these fields too.
func es256(set any, fields object) object {
	rule := object{"algorithm": "ES256", "jwks": set, "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// fetching is a rule with a key set that is fetched, with these fields too.
func fetching(url string, fields object) object {
	rule := object{"algorithm": "ES256", "jwks_uri": url, "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// faultOf finds the fields that an error names.
var faultOf = regexp.MustCompile(`(?:^|[:;] )(config\.[a-z0-9_]+|position|token_name): `)

// namedIn are the fields that the error names, each once.
func namedIn(err error) []string {
	var names []string
	if err == nil {
		return names
	}
	for _, found := range faultOf.FindAllStringSubmatch(err.Error(), -1) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}

func TestFaultsOfTheNewFields(t *testing.T) {
	ec, rsaKey := jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256())), jwttest.NewJWK("r", jwttest.RSAKey(2048))
	good := "https://issuer.test/jwks"
	tests := []struct {
		name, field string
		rule        object
	}{
		{"a list without a key set", "algorithm", with(object{"algorithm": "HS256,HS384"})},
		{"an unknown one among several", "algorithm", es256(setOf(ec), object{"algorithm": "ES256,ES1"})},
		{"nothing behind the comma", "algorithm", es256(setOf(ec), object{"algorithm": "ES256,"})},
		{"none among several", "algorithm", es256(setOf(ec), object{"algorithm": "ES256,none"})},
		{"another case", "algorithm", es256(setOf(ec), object{"algorithm": "es256"})},
		{"none, with a key set", "algorithm", es256(setOf(ec), object{"algorithm": "none"})},
		{"none, fetched", "algorithm", fetching(good, object{"algorithm": ""})},

		{"not JSON", "jwks", es256("{", nil)},
		{"JSON that is no set", "jwks", es256(object{"a": 1}, nil)},
		{"a list", "jwks", es256([]any{ec}, nil)},
		{"a number", "jwks", es256(5, nil)},
		{"no keys", "jwks", es256(setOf(), nil)},
		{"keys of another kind only", "jwks", es256(setOf(rsaKey), nil)},
		{"another curve only", "jwks", es256(setOf(jwttest.NewJWK("a", jwttest.ECKey(elliptic.P384()))), nil)},
		{"encryption keys only", "jwks", es256(setOf(ec.With("use", "enc")), nil)},
		{"a private key", "jwks", es256(setOf(ec, ec.With("d", "c2VjcmV0IHBhcnQ")), nil)},
		{"a short RSA key", "jwks", es256(setOf(ec, jwttest.NewJWK("s", jwttest.RSAKey(1024))), object{"algorithm": "ES256,RS256"})},
		{"a short secret", "jwks", es256(setOf(jwttest.NewJWK("s", []byte("short, but shown never"))), object{"algorithm": "HS256"})},
		{"a point that is on no curve", "jwks", es256(setOf(ec.With("y", ec["x"])), nil)},
		{"a member twice", "jwks", es256(strings.Replace(setOf(ec), `"kid":"a"`, `"kid":"a","kid":"b"`, 1), nil)},
		{"too many keys", "jwks", es256(setOf(slices.Repeat([]jwttest.JWK{ec}, 257)...), nil)},
		{"both kinds of key sets", "jwks", es256(setOf(ec), object{"jwks_uri": good})},

		{"another scheme", "jwks_uri", fetching("ftp://issuer.test/jwks", nil)},
		{"no scheme", "jwks_uri", fetching("issuer.test/jwks", nil)},
		{"no host", "jwks_uri", fetching("https:///jwks", nil)},
		{"http", "jwks_uri", fetching("http://issuer.test/jwks", nil)},
		{"http to a name that only begins like loopback", "jwks_uri", fetching("http://127.0.0.1.issuer.test/jwks", nil)},
		{"http to an address of the local network", "jwks_uri", fetching("http://10.0.0.1/jwks", nil)},
		{"a password", "jwks_uri", fetching("https://user:c2VjcmV0@issuer.test/jwks", nil)},
		{"a fragment", "jwks_uri", fetching("https://issuer.test/jwks#x", nil)},
		{"too long", "jwks_uri", fetching("https://issuer.test/"+strings.Repeat("x", 2048), nil)},
		{"a list of URLs", "jwks_uri", with(object{"jwks_uri": []string{good}})},
		{"refresh of less than 5 s", "jwks_refresh", fetching(good, object{"jwks_refresh": 4})},
		{"refresh of more than a day", "jwks_refresh", fetching(good, object{"jwks_refresh": 86401})},
		{"negative refresh", "jwks_refresh", fetching(good, object{"jwks_refresh": -600})},
		{"refresh as text", "jwks_refresh", fetching(good, object{"jwks_refresh": "600"})},
		{"stale for less than a minute", "jwks_max_stale", fetching(good, object{"jwks_max_stale": 59})},
		{"stale for more than 30 days", "jwks_max_stale", fetching(good, object{"jwks_max_stale": 2592001})},
		{"a CA that is no PEM", "jwks_ca", fetching(good, object{"jwks_ca": "MIIB"})},
		{"a CA that is a key", "jwks_ca", fetching(good, object{"jwks_ca": jwttest.PublicPEM(jwttest.ECKey(elliptic.P256()))})},
		{"http as text", "jwks_allow_http", fetching(good, object{"jwks_allow_http": "yes"})},

		{"an empty audience", "audience", with(object{"audience": []string{"us", ""}})},
		{"an audience that is a number", "audience", with(object{"audience": 5})},
		{"negative leeway", "leeway", with(object{"leeway": -1})},
		{"leeway of more than 300 s", "leeway", with(object{"leeway": 301})},
		{"leeway in parts of a second", "leeway", with(object{"leeway": 0.5})},
		{"negative lifetime", "max_lifetime", with(object{"max_lifetime": -1})},
		{"a lifetime of more than ten years", "max_lifetime", with(object{"max_lifetime": 315360001})},
		{"a type that no token has", "token_type", with(object{"token_type": "JWE"})},
		{"a type with a bare plus", "token_type", with(object{"token_type": "+jwt"})},
		{"a broken path", "required_claims", with(object{"required_claims": object{"$.a[": []string{"b"}}})},
		{"an empty path", "required_claims", with(object{"required_claims": object{"": []string{"b"}}})},
		{"a path with an empty name", "required_claims", with(object{"required_claims": object{"a..b": []string{"b"}}})},
		{"an object as a value", "required_claims", with(object{"required_claims": object{"a": object{"b": "c"}}})},
		{"a list of claims", "required_claims", with(object{"required_claims": []string{"a"}})},
		{"a cookie with a space", "cookie_name", with(object{"cookie_name": "a b"})},
		{"a cookie with its value", "cookie_name", with(object{"cookie_name": "a=b"})},
		{"two cookies", "cookie_name", with(object{"cookie_name": "a;b"})},
		{"a label by a broken path", "claims_to_labels", with(object{"claims_to_labels": object{"$.a[": "b"}})},
		{"a label without a name", "claims_to_labels", with(object{"claims_to_labels": object{"a": " "}})},
		{"a label with a line break", "claims_to_labels", with(object{"claims_to_labels": object{"a": "b\nc"}})},
		{"a label that is too long", "claims_to_labels", with(object{"claims_to_labels": object{"a": strings.Repeat("b", 129)}})},
		{"a label of ours", "claims_to_labels", with(object{"claims_to_labels": object{"a": "jwt_result"}})},
		{"a label of the host's", "claims_to_labels", with(object{"claims_to_labels": object{"a": "application"}})},
		{"labels as a list", "claims_to_labels", with(object{"claims_to_labels": []string{"a"}})},
	}
	r := newRig(t)
	for _, test := range tests {
		t.Run(test.field+": "+test.name, func(t *testing.T) {
			auth, err := r.create(test.rule)
			if auth != nil || !errors.Is(err, ErrConfig) {
				t.Fatalf("got %v, %v", auth, err)
			}
			got, want := namedIn(err), []string{"config." + test.field}
			if _, isText := test.rule["jwks"].(string); test.field == "jwks" && !isText {
				got = slices.DeleteFunc(got, func(name string) bool { return name == "config.rsa_public_key" }) // then no set is given
			}
			if !slices.Equal(got, want) {
				t.Errorf("named %q, want %q: %v", got, want, err)
			}
			for _, hidden := range []string{"c2VjcmV0", "short, but", "c2hvcnQsIGJ1dCBzaG93biBuZXZlcg", rigSecret} {
				if strings.Contains(err.Error(), hidden) {
					t.Errorf("the error shows %q: %v", hidden, err)
				}
			}
		})
	}
}

// A rule in which everything is wrong is told of all of it at once.
func TestFaultsOfTheNewFieldsTogether(t *testing.T) {
	_, err := newRig(t).create(object{
		"algorithm": "ES256", "jwks_uri": "http://issuer.test/jwks", "jwks_refresh": 1, "jwks_max_stale": 1, "jwks_ca": "x",
		"audience": []string{""}, "leeway": 301, "max_lifetime": -1, "token_type": "x", "required_claims": object{"$[": []string{}},
		"cookie_name": "a b", "claims_to_labels": object{"$[": "x"}, "path": "$[", "claims_to_verify": []string{"iat"}, "jwks_allow_http": 1,
	})
	got := namedIn(err)
	slices.Sort(got)
	want := []string{
		"config.audience", "config.claims_to_labels", "config.claims_to_verify", "config.cookie_name", "config.jwks_allow_http",
		"config.jwks_ca", "config.jwks_max_stale", "config.jwks_refresh", "config.jwks_uri", "config.leeway", "config.max_lifetime",
		"config.path", "config.required_claims", "config.token_type",
	}
	if !slices.Equal(got, want) {
		t.Errorf("named %q\nwant %q\n%v", got, want, err)
	}
}

// A label that the host sets or goes by cannot be set by a token.
func TestReservedLabels(t *testing.T) {
	r := newRig(t)
	for _, label := range []string{
		"application", "application_id", "token", "api", "api_id", "service", "service_id", "service_title", "method", "path", "ip", "time",
		"stream_running", "current_running", "disable_stream", "auth_status", "jwt_result", "jwt_kid", "jwt_fingerprint", "jwt_any",
		"handler", "block_name", "provider", "response-content-type", "request_body", "response_body",
	} {
		_, err := r.create(with(object{"claims_to_labels": object{"a": label}}))
		if got := namedIn(err); !slices.Equal(got, []string{"config.claims_to_labels"}) {
			t.Errorf("%s: %v", label, err)
		}
	}
}

func TestLimitsOfTheNewFieldsAreAllowed(t *testing.T) {
	ec := jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256()))
	r := newRig(t)
	for name, rule := range map[string]object{
		"least refresh":              fetching("https://issuer.test/jwks", object{"jwks_refresh": 5}),
		"most refresh":               fetching("https://issuer.test/jwks", object{"jwks_refresh": 86400}),
		"least max_stale":            fetching("https://issuer.test/jwks", object{"jwks_max_stale": 60}),
		"most max_stale":             fetching("https://issuer.test/jwks", object{"jwks_max_stale": 2592000}),
		"http to loopback":           fetching("http://127.0.0.1:8080/jwks", nil),
		"http to loopback, IPv6":     fetching("http://[::1]:8080/jwks", nil),
		"http to localhost":          fetching("http://localhost:8080/jwks", nil),
		"http where it is allowed":   fetching("http://10.0.0.1/jwks", object{"jwks_allow_http": true}),
		"discovery":                  fetching("https://issuer.test/.well-known/openid-configuration", object{"iss": "https://issuer.test"}),
		"several algorithms":         fetching("https://issuer.test/jwks", object{"algorithm": "RS256, PS256 ,ES256,EdDSA"}),
		"the same algorithm twice":   es256(setOf(ec), object{"algorithm": "ES256,ES256"}),
		"one key, not a set":         es256(text(ec), nil),
		"a set as an object":         es256(object{"keys": []any{ec}}, nil),
		"a key that is not for us":   es256(setOf(ec, ec.With("use", "enc"), jwttest.JWK{"kty": "new"}), nil),
		"most leeway":                with(object{"leeway": 300}),
		"least lifetime":             with(object{"max_lifetime": 1}),
		"most lifetime":              with(object{"max_lifetime": 315360000}),
		"one audience, as a string":  with(object{"audience": "us"}),
		"type with application/":     with(object{"token_type": "application/at+jwt"}),
		"a claim that is there":      with(object{"required_claims": object{"$.a.b": []string{}}}),
		"label of the longest name":  with(object{"claims_to_labels": object{"a": strings.Repeat("b", 128)}}),
		"no value for anything":      with(object{"audience": []string{}, "required_claims": object{}, "claims_to_labels": object{}, "cookie_name": ""}),
		"null for everything":        with(object{"jwks": nil, "jwks_uri": nil, "audience": nil, "leeway": nil, "required_claims": nil, "claims_to_labels": nil}),
		"zero is the default":        fetching("https://issuer.test/jwks", object{"jwks_refresh": 0, "jwks_max_stale": 0, "leeway": 0, "max_lifetime": 0}),
		"key material beside a set":  es256(setOf(ec), object{"rsa_public_key": "x", "secret": "x"}),
		"several blocks, one a cert": {"algorithm": "ES256", "path": "sub", "rsa_public_key": jwttest.PublicPEM(jwttest.ECKey(elliptic.P256())) + jwttest.PublicPEM(jwttest.OtherECKey(elliptic.P256()))},
	} {
		if _, err := r.create(rule); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWarningsOfTheNewFields(t *testing.T) {
	ec := jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256()))
	for name, test := range map[string]struct {
		rule object
		want []string
	}{
		"a key that is not for us": {es256(setOf(ec, ec.With("use", "enc")), nil), []string{"config.jwks: keys[1]"}},
		"key material beside":      {es256(setOf(ec), object{"secret": "x", "rsa_public_key": "x"}), []string{"config.secret: ", "config.rsa_public_key: "}},
		"http that is allowed":     {fetching("http://10.0.0.1/jwks", object{"jwks_allow_http": true}), []string{"config.jwks_uri: "}},
		"https":                    {fetching("https://issuer.test/jwks", object{"jwks_allow_http": true}), nil},
		"a field of another time":  {with(object{"revision": "https://issuer.test"}), []string{"config.revision: "}},
	} {
		t.Run(name, func(t *testing.T) {
			warnings := compiled(t, test.rule).Warnings
			if len(warnings) != len(test.want) {
				t.Errorf("got %q", warnings)
			}
			for _, want := range test.want {
				if !slices.ContainsFunc(warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
					t.Errorf("no %q in %q", want, warnings)
				}
			}
		})
	}
}
