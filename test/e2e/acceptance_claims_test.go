package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// Numbers in claims are JSON values: the same value to the last digit, whatever its spelling, in a rule and in the filter.
func TestAcceptanceNumbers(t *testing.T) {
	e := sharedFilterEnv(t)
	numbers := []struct {
		name, want string
		equal      []string
		other      []string
	}{
		{"two", `2`, []string{`2`, `2.0`, `2e0`, `20e-1`, `0.2E+1`, `[3,2.0]`, `2.00000000000000000000000000`}, []string{`"2"`, `2.0000000000000000000000001`, `-2`, `true`, `null`, `[[2]]`, `{"a":2}`, `1E400`}},
		{"hundred", `1e2`, []string{`100`, `1e2`, `1.0E2`, `10000e-2`}, []string{`"100"`, `"1e2"`, `101`, `1e3`}},
		{"zero", `-0`, []string{`0`, `-0`, `0.0`, `-0.0e9`, `0e999999999`}, []string{`"0"`, `false`, `""`, `1e-400`, `null`}},
		{"tenth", `0.1`, []string{`0.1`, `1e-1`, `0.10`}, []string{`0.1000000000000000055511151231257827`, `"0.1"`}},
		{"text", `"2"`, []string{`"2"`, `2`, `2.0`, `2e0`}, []string{`"2.0"`, `3`, `"2 "`, `true`}},
		{"big", `"9007199254740993"`, []string{`9007199254740993`, `"9007199254740993"`, `9007199254740993.0`}, []string{`9007199254740992`, `9007199254740994`, `"9007199254740992"`}},
		{"huge", `"1E400"`, []string{`1E400`, `10e399`, `"1E400"`}, []string{`1E401`, `1E399`, `"1e400"`, `1e999999999`, `1e99999999999999999999`, `-1E400`}},
		{"wide", `"1e999999999"`, []string{`1e999999999`, `10e999999998`}, []string{`1e999999998`, `1e1000000000`, `2e999999999`}},
		{"most", `9007199254740991`, []string{`9007199254740991`, `9007199254740991.0`}, []string{`9007199254740990`, `9007199254740991.5`}},
		{"truth", `"true"`, []string{`true`, `"true"`}, []string{`1`, `false`, `"True"`}},
	}
	checks := 0
	e.mustPut(t, route{name: "a-num-app", plugins: map[string]any{}})
	for _, n := range numbers {
		app := filterApp("accn" + n.name)
		app.Auth[0].TokenName = "X-Accn-" + n.name
		app.Auth[0].Config["required_claims"] = json.RawMessage(`{"n":[` + n.want + `]}`)
		e.add(t, app)
		e.mustPut(t, withFilter("a-num-"+n.name, map[string]any{"claims": json.RawMessage(`{"n":[` + n.want + `]}`)}, true))
		sign := func(secret, value string) string {
			return jwttest.SignRaw(t, "HS256", filterSecret(secret), []byte(`{"alg":"HS256"}`), []byte(`{"sub":"ann","n":`+value+`}`))
		}
		e.settles(t, "a-num-"+n.name, bearer(sign("shop", n.equal[0])), "upstream")
		within(t, settle, func() error {
			return e.on(t, "a-num-app", inHeader(app.Auth[0].TokenName, sign("accn"+n.name, n.equal[0]))).accepted()
		})
		for i, value := range append(append([]string{}, n.equal...), n.other...) {
			start := time.Now()
			filter := e.on(t, "a-num-"+n.name, bearer(sign("shop", value)))
			rule := e.on(t, "a-num-app", inHeader(app.Auth[0].TokenName, sign("accn"+n.name, value)))
			if took := time.Since(start); took > time.Second {
				t.Errorf("%s: %s took %s", n.want, value, took)
			}
			want := i < len(n.equal)
			if got := filter.said() == "upstream"; got != want {
				t.Errorf("filter, %s for %s: %s", value, n.want, filter.said())
			}
			if got := rule.status == 200; got != want {
				t.Errorf("rule, %s for %s: %d", value, n.want, rule.status)
			}
			checks += 2
		}
	}
	t.Logf("%d checks", checks)
}

// What is refused when it is saved, with every fault and its field, and what is taken.
func TestAcceptanceSaved(t *testing.T) {
	e := sharedFilterEnv(t)
	secret := `"secret":"` + filterSecret("x") + `"`
	good := `"algorithm":"HS256",` + secret + `,"path":"sub"`
	for name, test := range map[string]struct {
		rule string
		says []string // nothing: it is taken
	}{
		"2^53+1":               {good + `,"required_claims":{"n":[9007199254740993]}`, []string{"required_claims"}},
		"2^53":                 {good + `,"required_claims":{"n":[9007199254740992]}`, []string{"required_claims"}},
		"-2^53":                {good + `,"required_claims":{"n":-9007199254740992}`, []string{"required_claims"}},
		"1e300":                {good + `,"required_claims":{"n":1e300}`, []string{"required_claims"}},
		"16 digits":            {good + `,"required_claims":{"n":0.1234567890123456}`, []string{"required_claims"}},
		"2^53-1":               {good + `,"required_claims":{"n":9007199254740991}`, nil},
		"1e2":                  {good + `,"required_claims":{"n":1e2}`, nil},
		"-0":                   {good + `,"required_claims":{"n":-0}`, nil},
		"text":                 {good + `,"required_claims":{"n":"9007199254740993"}`, nil},
		"all faults":           {`"algorithm":"HS265","jwks_uri":"https://h:99999/k","leeway":-1,"path":"$["`, []string{"algorithm", "jwks_uri", "leeway", "path"}},
		"port":                 {`"algorithm":"ES256","jwks_uri":"https://h:99999/k","path":"sub"`, []string{"jwks_uri"}},
		"port 0":               {`"algorithm":"ES256","jwks_uri":"https://h:0/k","path":"sub"`, []string{"jwks_uri"}},
		"port, discovery":      {`"algorithm":"ES256","jwks_uri":"https://h:65536/.well-known/openid-configuration","path":"sub"`, []string{"jwks_uri"}},
		"HS by http":           {`"algorithm":"HS256","jwks_uri":"http://keys.test/k","jwks_allow_http":true,"path":"sub"`, []string{"jwks"}},
		"HS among, by http":    {`"algorithm":"ES256,HS256","jwks_uri":"http://keys.test/k","jwks_allow_http":true,"path":"sub"`, []string{"jwks"}},
		"cookie with blank":    {good + `,"cookie_name":"a b"`, []string{"cookie_name"}},
		"cookie with =":        {good + `,"cookie_name":"a=b"`, []string{"cookie_name"}},
		"cookie with ;":        {good + `,"cookie_name":"a;b"`, []string{"cookie_name"}},
		"cookie with comma":    {good + `,"cookie_name":"a,b"`, []string{"cookie_name"}},
		"cookie with quote":    {good + `,"cookie_name":"\"a\""`, []string{"cookie_name"}},
		"cookie with umlaut":   {good + `,"cookie_name":"ä"`, []string{"cookie_name"}},
		"cookie with control":  {good + `,"cookie_name":"a\u007f"`, []string{"cookie_name"}},
		"cookie in brackets":   {good + `,"cookie_name":"a[b]"`, []string{"cookie_name"}},
		"cookie in mixed case": {good + `,"cookie_name":"__Host-SiD.1~!#$%&'*+^|` + "`" + `"`, nil},
		"two faults of claims": {good + `,"required_claims":{"n":9007199254740993,"m":[1e300]},"cookie_name":"a b"`, []string{"required_claims", "cookie_name"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := map[string]any{"name": "accsaved", "driver": "app", "auth": []any{map[string]any{
				"type": "jwt", "position": "header", "token_name": "X-Saved", "config": json.RawMessage("{" + test.rule + "}"),
				"users": []any{map[string]any{"pattern": map[string]any{"username": "ann"}}},
			}}}
			_, err := e.node.Call(t.Context(), http.MethodPost, "/api/app", app)
			var refused *gateway.AdminError
			switch {
			case test.says == nil:
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &refused):
				t.Errorf("saved, or %v", err)
			default:
				for _, word := range test.says {
					if !strings.Contains(refused.Body, "config."+word) {
						t.Errorf("does not name config.%s: %s", word, refused.Body)
					}
				}
			}
			_, _ = e.node.Call(t.Context(), http.MethodDelete, "/api/app/accsaved", nil)
		})
	}
	for _, claims := range []string{`{"n":[9007199254740993]}`, `{"n":[1e300]}`, `{"n":[-9007199254740992]}`, `{"n":[0.12345678901234567]}`} {
		err := e.put(t.Context(), withFilter("a-saved", map[string]any{"claims": json.RawMessage(claims)}, true))
		if err == nil || !strings.Contains(err.Error(), "claims") {
			t.Errorf("filter with claims %s: %v", claims, err)
		}
	}
}

// chainKey is a key with a certificate, issued by another one or by itself.
type chainKey struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	text string
}

func certified(t *testing.T, name string, ca bool, by *chainKey) *chainKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, IsCA: ca, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &chainKey{key, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// Of a chain of certificates the first key alone makes tokens; two chains are two keys.
func TestAcceptanceCertificateChains(t *testing.T) {
	e := shared.get(t)
	root := certified(t, "root", true, nil)
	middle := certified(t, "middle", true, root)
	leaf, second := certified(t, "leaf", false, middle), certified(t, "second", false, middle)
	alone := certified(t, "alone", false, nil)
	plain := jwttest.PublicPEM(alone.key)
	for name, test := range map[string]struct {
		text      string
		yes, none []*chainKey
	}{
		"leaf and issuers":       {leaf.text + middle.text + root.text, []*chainKey{leaf}, []*chainKey{middle, root, second}},
		"leaf and issuer":        {leaf.text + middle.text, []*chainKey{leaf}, []*chainKey{middle}},
		"words between":          {leaf.text + "subject=middle\n" + middle.text, []*chainKey{leaf}, []*chainKey{middle}},
		"two leaves, one issuer": {leaf.text + second.text + middle.text + root.text, []*chainKey{leaf, second}, []*chainKey{middle, root}},
		"two chains":             {leaf.text + middle.text + root.text + second.text + middle.text, []*chainKey{leaf, second}, []*chainKey{middle, root}},
		"chain and a key":        {leaf.text + middle.text + plain, []*chainKey{leaf, alone}, []*chainKey{middle}},
		"self-signed two":        {alone.text + leaf.text, []*chainKey{alone, leaf}, nil},
		"self-signed twice":      {alone.text + alone.text, []*chainKey{alone}, nil},
		"issuer alone":           {middle.text, []*chainKey{middle}, []*chainKey{leaf}},
	} {
		t.Run(name, func(t *testing.T) {
			app := keyApp("Accchain", gateway.Rule{"algorithm": "ES256", "rsa_public_key": test.text, "path": "sub"})
			e.add(t, app)
			sign := func(k *chainKey) call {
				return inHeader("X-Accchain", jwttest.Sign(t, "ES256", k.key, nil, claims{"sub": "ann", "jti": fmt.Sprint(tokenNumber.Add(1))}))
			}
			for _, k := range test.yes {
				e.accept(t, e.node, sign(k))
			}
			for _, k := range test.none {
				if err := e.send(t, e.node, sign(k)).refused(); err != nil {
					t.Errorf("key of %s: %v", k.cert.Subject.CommonName, err)
				}
			}
			if err := e.node.Delete(t.Context(), app); err != nil {
				t.Error(err)
			}
		})
	}
}
