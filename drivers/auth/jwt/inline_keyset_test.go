package jwt

import (
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
)

// Every algorithm, with its keys as PEM where it has public ones, and as a key set.
func TestEveryAlgorithmFromAKeySet(t *testing.T) {
	secret := []byte(strings.Repeat("a secret as long as SHA-512 is. ", 2))
	private := map[keys.Kind]any{keys.KindSecret: secret, keys.KindRSA: jwttest.RSAKey(2048), keys.KindOKP: jwttest.Ed25519Key()}
	curves := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}
	for _, algorithm := range keys.Algorithms() {
		key := private[algorithm.Kind()]
		if algorithm.Kind() == keys.KindEC {
			key = jwttest.ECKey(curves[algorithm.Curve()])
		}
		rules := map[string]object{
			"key set":           {"algorithm": string(algorithm), "jwks": setOf(jwttest.NewJWK("k", key)), "path": "sub"},
			"key set, with alg": {"algorithm": string(algorithm), "jwks": setOf(jwttest.NewJWK("k", key).With("alg", string(algorithm))), "path": "sub"},
		}
		if algorithm.Kind() != keys.KindSecret {
			rules["PEM"] = object{"algorithm": string(algorithm), "rsa_public_key": jwttest.PublicPEM(key), "path": "sub"}
		}
		for name, rule := range rules {
			t.Run(fmt.Sprintf("%s, %s", algorithm, name), func(t *testing.T) {
				r := newRig(t)
				auth := r.bind("a", rule, "ann")
				for _, other := range keys.Algorithms() {
					if other.Kind() != algorithm.Kind() || other.Curve() != algorithm.Curve() {
						continue
					}
					want := fails("algorithm_not_allowed")
					if other == algorithm {
						want = passes("ann")
					}
					r.want(auth, jwttest.Sign(t, string(other), key, nil, object{"sub": "ann"}), want)
				}
				good := jwttest.Sign(t, string(algorithm), key, object{"kid": "k"}, object{"sub": "ann"})
				r.want(auth, good, passes("ann"))
				at := strings.LastIndexByte(good, '.') + 10
				swapped := map[bool]string{true: "B", false: "A"}[good[at] == 'A']
				r.want(auth, good[:at]+swapped+good[at+1:], fails("signature_invalid"))
			})
		}
	}
}

// A PSS signature with a salt of another length than the hash's is none (RFC 7518 §3.5).
func TestSaltOfAnotherLength(t *testing.T) {
	key := jwttest.RSAKey(2048)
	r := newRig(t)
	auth := r.bind("a", es256(setOf(jwttest.NewJWK("k", key)), object{"algorithm": "PS256"}), "ann")
	input := jwttest.Encode([]byte(`{"alg":"PS256","kid":"k"}`)) + "." + jwttest.Encode([]byte(`{"sub":"ann"}`))
	digest := sha256.Sum256([]byte(input))
	for length, want := range map[int]outcome{32: passes("ann"), 0: fails("signature_invalid"), 31: fails("signature_invalid"), 64: fails("signature_invalid")} {
		options := &rsa.PSSOptions{SaltLength: length}
		if length == 0 {
			options.SaltLength = rsa.PSSSaltLengthAuto // the longest
		}
		signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], options)
		if err != nil {
			t.Fatal(err)
		}
		r.want(auth, input+"."+jwttest.Encode(signature), want)
	}
}

func TestKeyIDPicksTheKey(t *testing.T) {
	a, b, c := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256()), jwttest.ECKey(elliptic.P384())
	ka, kb, kc := jwttest.NewJWK("a", a), jwttest.NewJWK("b", b), jwttest.NewJWK("c", c)
	type check struct {
		alg  string
		key  any
		kid  any // nil: none
		want outcome
	}
	ok := passes("ann")
	tests := []struct {
		name, algorithms string
		set              []jwttest.JWK
		checks           []check
	}{
		{"two keys", "ES256", []jwttest.JWK{ka, kb}, []check{
			{"ES256", a, "a", ok},
			{"ES256", b, "b", ok},
			{"ES256", b, "a", fails("signature_invalid")},
			{"ES256", a, "b", fails("signature_invalid")},
			{"ES256", a, nil, ok},
			{"ES256", b, nil, ok},
			{"ES256", a, "", fails("key_unknown")},
			{"ES256", a, "A", fails("key_unknown")},
			{"ES256", a, "a ", fails("key_unknown")},
			{"ES256", a, "c", fails("key_unknown")},
			{"ES256", a, 1, fails("token_malformed")},
			{"ES384", c, "a", fails("algorithm_not_allowed")},
		}},
		{"a key without an ID is for every ID", "ES256", []jwttest.JWK{ka, kb.Without("kid")}, []check{
			{"ES256", b, "any", ok},
			{"ES256", b, nil, ok},
			{"ES256", a, nil, ok},
			{"ES256", b, "a", fails("signature_invalid")},
			{"ES256", a, "any", fails("signature_invalid")},
		}},
		{"one ID for two keys", "ES256", []jwttest.JWK{ka, kb.With("kid", "a")}, []check{
			{"ES256", a, "a", ok},
			{"ES256", b, "a", ok},
			{"ES256", b, "b", fails("key_unknown")},
		}},
		{"one ID for keys of two kinds", "ES256,ES384", []jwttest.JWK{ka, kc.With("kid", "a")}, []check{
			{"ES256", a, "a", ok},
			{"ES384", c, "a", ok},
			{"ES256", b, "a", fails("signature_invalid")},
		}},
		{"several algorithms", "ES256,ES384", []jwttest.JWK{ka, kc}, []check{
			{"ES256", a, "a", ok},
			{"ES384", c, "c", ok},
			{"ES384", c, nil, ok},
			{"ES384", c, "a", fails("algorithm_not_allowed")},
			{"ES256", a, "c", fails("algorithm_not_allowed")},
			{"RS256", jwttest.RSAKey(2048), "a", fails("algorithm_not_allowed")},
		}},
		{"keys that are skipped", "ES256", []jwttest.JWK{ka, kb.With("use", "enc"), kc}, []check{
			{"ES256", a, "a", ok},
			{"ES256", b, "b", fails("key_unknown")},
			{"ES256", b, nil, fails("signature_invalid")},
		}},
		{"key_ops", "ES256", []jwttest.JWK{ka.With("key_ops", []string{"verify"}), kb.With("key_ops", []string{"sign"})}, []check{
			{"ES256", a, "a", ok},
			{"ES256", b, "b", fails("key_unknown")},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", es256(setOf(test.set...), object{"algorithm": test.algorithms}), "ann")
			for _, check := range test.checks {
				header := object{}
				if check.kid != nil {
					header["kid"] = check.kid
				}
				r.want(auth, jwttest.Sign(t, check.alg, check.key, header, object{"sub": "ann"}), check.want)
				if t.Failed() {
					t.Fatalf("kid %#v, %s", check.kid, check.alg)
				}
			}
		})
	}
}

// The "alg" of a key binds it, whatever else would fit the key and the rule.
func TestAlgOfAKeyBindsIt(t *testing.T) {
	key := jwttest.RSAKey(2048)
	all := "RS256,RS384,RS512,PS256,PS384,PS512"
	r := newRig(t)
	bound := r.bind("bound", es256(setOf(jwttest.NewJWK("k", key).With("alg", "PS256")), object{"algorithm": all, "iss": "bound"}), "ann")
	free := r.bind("free", es256(setOf(jwttest.NewJWK("k", key)), object{"algorithm": all, "iss": "free"}), "ann")
	for _, algorithm := range strings.Split(all, ",") {
		sign := func(issuer string) string {
			return jwttest.Sign(t, algorithm, key, object{"kid": "k"}, object{"sub": "ann", "iss": issuer})
		}
		r.want(free, sign("free"), passes("ann"))
		if algorithm == "PS256" {
			r.want(bound, sign("bound"), passes("ann"))
			continue
		}
		if got := ask(bound, withToken(t, sign("bound"))); got.user != "" {
			t.Errorf("%s: %+v", algorithm, got)
		}
	}
}

// The "alg" of a key does not widen what the rule lists.
func TestAlgOfAKeyBeyondTheRule(t *testing.T) {
	a, key := jwttest.ECKey(elliptic.P256()), jwttest.RSAKey(2048)
	rsaSet := jwttest.NewJWK("r", key).With("alg", "RS256")
	r := newRig(t)
	auth := r.bind("a", es256(setOf(jwttest.NewJWK("a", a), rsaSet), object{"algorithm": "ES256,PS256"}), "ann")
	r.want(auth, jwttest.Sign(t, "RS256", key, object{"kid": "r"}, object{"sub": "ann"}), fails("algorithm_not_allowed"))
	r.want(auth, jwttest.Sign(t, "PS256", key, object{"kid": "r"}, object{"sub": "ann"}), fails("algorithm_not_allowed"))
	r.want(auth, jwttest.Sign(t, "ES256", a, object{"kid": "a"}, object{"sub": "ann"}), passes("ann"))
	if _, err := r.create(es256(setOf(rsaSet), object{"algorithm": "PS256"})); len(namedIn(err)) != 1 {
		t.Errorf("a set whose only key is bound to another algorithm: %v", err)
	}
}

// A public key is never a secret, and a secret never a public key, in one set or in two rules at one place.
func TestPublicKeysAndSecretsAreNotConfused(t *testing.T) {
	rsaKey, ecKey, secret := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P256()), []byte(rigSecret)
	edKey := jwttest.Ed25519Key()
	list := []jwttest.JWK{
		jwttest.NewJWK("rsa", rsaKey), jwttest.NewJWK("ec", ecKey), jwttest.NewJWK("ed", edKey), jwttest.NewJWK("oct", secret),
	}
	const all = "HS256,HS384,HS512,RS256,PS256,ES256,EdDSA"
	r := newRig(t)
	auth := r.bind("a", es256(setOf(list...), object{"algorithm": all}), "ann")
	r.bind("pem", object{"algorithm": "RS256", "rsa_public_key": jwttest.PublicPEM(rsaKey), "path": "sub"}, "ann")

	for kid, key := range map[string]any{"rsa": rsaKey, "ec": ecKey, "ed": edKey, "oct": secret} {
		algorithm := map[string]string{"rsa": "RS256", "ec": "ES256", "ed": "EdDSA", "oct": "HS256"}[kid]
		r.want(auth, jwttest.Sign(t, algorithm, key, object{"kid": kid}, object{"sub": "ann"}), passes("ann"))
	}
	texts := map[string][]byte{
		"PEM":                []byte(jwttest.PublicPEM(rsaKey)),
		"PEM without line":   []byte(strings.TrimSpace(jwttest.PublicPEM(rsaKey))),
		"modulus":            rsaKey.N.Bytes(),
		"modulus, as in JWK": []byte(list[0]["n"].(string)),
		"JWK":                []byte(text(list[0])),
		"JWK Set":            []byte(setOf(list...)),
		"Ed25519 key":        edKey.Public().(ed25519.PublicKey),
		"Ed25519, as in JWK": []byte(list[2]["x"].(string)),
		"EC coordinate":      []byte(list[1]["x"].(string)),
		"empty":              {},
	}
	for name, material := range texts {
		for _, algorithm := range []string{"HS256", "HS384", "HS512"} {
			for _, kid := range []any{"rsa", "ec", "ed", "oct", "other", nil} {
				header := object{}
				if kid != nil {
					header["kid"] = kid
				}
				raw := jwttest.Sign(t, algorithm, material, header, object{"sub": "ann"})
				if got := ask(auth, withToken(t, raw)); got.user != "" || got.reason == "" {
					t.Errorf("%s as a secret for %s, kid %v: %+v", name, algorithm, kid, got)
				}
			}
		}
	}
	for _, kid := range []string{"rsa", "ec", "ed"} { // the secret itself, under the name of another key
		r.want(auth, jwttest.Sign(t, "HS256", secret, object{"kid": kid}, object{"sub": "ann"}), fails("algorithm_not_allowed"))
	}
}

// Several PEM blocks are several keys, without IDs.
func TestSeveralPEMBlocks(t *testing.T) {
	a, b, other := jwttest.RSAKey(2048), jwttest.OtherRSAKey(2048), jwttest.RSAKey(3072)
	r := newRig(t)
	auth := r.bind("a", object{"algorithm": "PS256", "rsa_public_key": jwttest.PublicPEM(a) + "\n" + jwttest.PublicPEM(b), "path": "sub"}, "ann")
	for _, kid := range []object{nil, {"kid": "any"}} {
		r.want(auth, jwttest.Sign(t, "PS256", a, kid, object{"sub": "ann"}), passes("ann"))
		r.want(auth, jwttest.Sign(t, "PS256", b, kid, object{"sub": "ann"}), passes("ann"))
		r.want(auth, jwttest.Sign(t, "PS256", other, kid, object{"sub": "ann"}), fails("signature_invalid"))
	}
	ctx := r.want(auth, jwttest.Sign(t, "PS256", a, object{"kid": "any"}, object{"sub": "ann"}), passes("ann"))
	if label := ctx.GetLabel(LabelKeyID); label != "" {
		t.Errorf("a key ID that picked nothing is in the label: %q", label)
	}
}

// Rotation by hand: the host's PUT replaces the rule, and no token of a key that stays is refused on the way.
func TestKeySetIsReplaced(t *testing.T) {
	a, b := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	sign := func(kid string, key any) string {
		return jwttest.Sign(t, "ES256", key, object{"kid": kid}, object{"sub": "ann"})
	}
	r := newRig(t)
	first := r.bind("a", es256(setOf(jwttest.NewJWK("a", a)), nil), "ann")
	r.want(first, sign("a", a), passes("ann"))
	r.want(first, sign("b", b), fails("key_unknown"))
	both := r.bind("a", es256(setOf(jwttest.NewJWK("a", a), jwttest.NewJWK("b", b)), nil), "ann")
	r.want(both, sign("a", a), passes("ann"))
	r.want(both, sign("b", b), passes("ann"))
	last := r.bind("a", es256(setOf(jwttest.NewJWK("b", b)), nil), "ann")
	r.want(last, sign("a", a), fails("key_unknown"))
	r.want(last, sign("b", b), passes("ann"))
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
