package token_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// signer returns the private key that an algorithm needs.
func signer(a keys.Algorithm) any {
	if a.Kind() == keys.KindSecret {
		return secret
	}
	return jwttest.Key(string(a))
}

// keyFor returns the key that verifies what signer signs.
func keyFor(t testing.TB, a keys.Algorithm, id string) *keys.Key {
	t.Helper()
	if a.Kind() == keys.KindSecret {
		return secretKey(t, id, secret, a)
	}
	public, err := keys.ParsePublicPEM(jwttest.PublicPEM(signer(a)))
	must.Succeed(t, err)
	key, err := keys.NewPublicKey(id, public[0], a)
	must.Succeed(t, err)
	return key
}

// Every algorithm verifies with the key that is bound to it, and with no other.
func TestVerifyAlgorithms(t *testing.T) {
	for _, a := range keys.Algorithms() {
		raw := jwttest.Sign(t, string(a), signer(a), nil, map[string]any{"sub": "s"})
		c, err := token.ParseCompact(raw)
		must.Succeed(t, err)
		u, err := token.Parse(raw)
		must.Succeed(t, err)
		for _, other := range keys.Algorithms() {
			key := keyFor(t, other, "")
			want, part := token.AlgorithmNotAllowed, "header.alg"
			if other == a {
				want, part = token.Accepted, ""
			}
			t.Run(fmt.Sprintf("%s with a key for %s", a, other), func(t *testing.T) {
				wantReason(t, c.Verify(key), want, part)
				v, err := u.VerifyWith(key)
				wantReason(t, err, want, part)
				if (v == nil) != (err != nil) || v != nil && v.Key() != key {
					t.Errorf("got %v, %v", v, err)
				}
			})
		}
		if err := c.Verify(keyFor(t, a, "")); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
}

// One bit of any byte of the signature makes it another one.
func TestVerifyFlippedSignature(t *testing.T) {
	for _, a := range keys.Algorithms() {
		t.Run(string(a), func(t *testing.T) {
			raw := jwttest.Sign(t, string(a), signer(a), nil, map[string]any{"sub": "s"})
			key := keyFor(t, a, "")
			at := strings.LastIndexByte(raw, '.') + 1
			for i := at; i < len(raw)-1; i++ { // the last letter has bits that say nothing
				changed := raw[:i] + string(flip(raw[i])) + raw[i+1:]
				c, err := token.ParseCompact(changed)
				must.Succeed(t, err)
				wantReason(t, c.Verify(key), token.SignatureInvalid, "signature")
			}
		})
	}
}

// flip returns another letter of base64url.
func flip(letter byte) byte {
	if letter == 'A' {
		return 'B'
	}
	return 'A'
}

func TestVerifySet(t *testing.T) {
	own, other := secretKey(t, "a", secret, keys.HS256), secretKey(t, "b", "other", keys.HS256)
	unnamed, unnamedOther := secretKey(t, "", secret, keys.HS256), secretKey(t, "", "other", keys.HS256)
	wrongAlgorithm := secretKey(t, "a", secret, keys.HS512)
	ed := keyFor(t, keys.EdDSA, "a")
	several := make([]*keys.Key, token.MaxKeys)
	for i := range several {
		several[i] = secretKey(t, fmt.Sprint("k", i), fmt.Sprint("secret ", i), keys.HS256)
	}
	tests := []struct {
		name   string
		kid    string // as JSON; empty: none
		set    []*keys.Key
		reason token.Reason
		part   string
	}{
		{"the one key", ``, []*keys.Key{unnamed}, token.Accepted, ""},
		{"the one key, with an ID", ``, []*keys.Key{own}, token.Accepted, ""},
		{"the second key", ``, []*keys.Key{unnamedOther, other, own}, token.Accepted, ""},
		{"the key with the ID", `"a"`, []*keys.Key{other, own}, token.Accepted, ""},
		{"the second with the ID", `"a"`, []*keys.Key{secretKey(t, "a", "other", keys.HS256), own}, token.Accepted, ""},
		{"a key without ID for an unknown ID", `"x"`, []*keys.Key{other, unnamed}, token.Accepted, ""},
		{"an ID escaped", `"\u0061"`, []*keys.Key{own}, token.Accepted, ""},
		{"an empty ID", `""`, []*keys.Key{unnamed}, token.Accepted, ""},
		{"beside a key of another kind", ``, []*keys.Key{ed, wrongAlgorithm, own}, token.Accepted, ""},
		{"with the ID, beside keys of other kinds", `"a"`, []*keys.Key{ed, wrongAlgorithm, own}, token.Accepted, ""},
		{"no keys", ``, nil, token.KeysUnavailable, ""},
		{"no keys for an ID", `"a"`, nil, token.KeysUnavailable, ""},
		{"an unknown ID", `"x"`, []*keys.Key{own, other}, token.KeyUnknown, "header.kid"},
		{"an ID in another case", `"A"`, []*keys.Key{own}, token.KeyUnknown, "header.kid"},
		{"an empty ID where all keys have one", `""`, []*keys.Key{own}, token.KeyUnknown, "header.kid"},
		{"the ID of another key", `"b"`, []*keys.Key{own, other}, token.SignatureInvalid, "signature"},
		{"the ID of another key, though one without ID would do", `"b"`, []*keys.Key{other, unnamed}, token.SignatureInvalid, "signature"},
		{"the ID of a key for another algorithm", `"a"`, []*keys.Key{wrongAlgorithm, unnamed}, token.AlgorithmNotAllowed, "header.alg"},
		{"keys of other kinds alone", ``, []*keys.Key{ed, wrongAlgorithm}, token.AlgorithmNotAllowed, "header.alg"},
		{"wrong keys alone", ``, []*keys.Key{other, unnamedOther}, token.SignatureInvalid, "signature"},
		{"as the last that is tried", ``, append(several[:token.MaxKeys-1:token.MaxKeys-1], own), token.Accepted, ""},
		{"as the first that is not tried", ``, append(several[:token.MaxKeys:token.MaxKeys], own), token.SignatureInvalid, "signature"},
		{"behind many, by its ID", `"a"`, append(several[:token.MaxKeys:token.MaxKeys], own), token.Accepted, ""},
		{"behind many of other kinds", ``, append(many(ed, 20), own), token.Accepted, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			header := `{"alg":"HS256"}`
			if test.kid != "" {
				header = `{"alg":"HS256","kid":` + test.kid + `}`
			}
			u, err := token.Parse(signed(t, header, `{}`))
			must.Succeed(t, err)
			set := keys.NewSet(test.set...)
			v, err := u.Verify(set)
			wantReason(t, err, test.reason, test.part)
			if (v == nil) != (err != nil) {
				t.Errorf("got %v, %v", v, err)
			}
			if list, err := u.Candidates(set); len(list) > token.MaxKeys || (err == nil) != (len(list) > 0) {
				t.Errorf("%d candidates, %v", len(list), err)
			}
			for i, key := range set.Keys() {
				if key != test.set[i] {
					t.Error("the set has changed")
				}
			}
			if v != nil && len(v.Candidates(set)) == 0 {
				t.Error("a verified token without candidates")
			}
		})
	}
	if v := verified(t, claimed(t, `{}`)); v.Candidates(keys.NewSet(ed)) != nil || v.Candidates(nil) != nil {
		t.Error("candidates in a set that has none")
	}
}

// many returns a key so many times.
func many(key *keys.Key, count int) []*keys.Key {
	list := make([]*keys.Key, count)
	for i := range list {
		list[i] = key
	}
	return list
}

// The unsigned token of anyone is refused by every key, whatever it says of itself.
func TestVerifyUnsigned(t *testing.T) {
	for _, a := range keys.Algorithms() {
		key := keyFor(t, a, "")
		for _, alg := range []string{"none", "None", "", string(a)} {
			raw := jwttest.SignRaw(t, "none", nil, []byte(`{"alg":"`+alg+`"}`), []byte(`{}`))
			c, err := token.ParseCompact(raw)
			must.Succeed(t, err)
			want, part := token.AlgorithmNotAllowed, "header.alg"
			if alg == string(a) {
				want, part = token.SignatureInvalid, "signature"
			}
			wantReason(t, c.Verify(key), want, part)
		}
	}
}

func TestMemory(t *testing.T) {
	raw := claimed(t, `{"iss":"i","sub":"s","exp":4102444800}`)
	memory := verified(t, strings.Clone(raw)).Memorize()
	v, ok := memory.Recall(raw, new(token.Digest))
	if !ok || v.Issuer() != "i" || v.Subject() != "s" || v.Raw() != "" || v != memory.Verified() || memory.Size() < len(raw) {
		t.Fatalf("got %v, %v", v, ok)
	}
	for i := range raw {
		for _, changed := range []string{raw[:i] + string(flip(raw[i])) + raw[i+1:], raw[:i], raw[:i] + raw[i+1:], raw[:i] + "x" + raw[i:]} {
			if _, ok := memory.Recall(changed, new(token.Digest)); ok && changed != raw {
				t.Fatalf("another token is recalled: %s", changed)
			}
		}
	}
	if _, ok := memory.Recall(raw+".", new(token.Digest)); ok {
		t.Error("a longer token is recalled")
	}
	if _, ok := memory.Recall("", new(token.Digest)); ok {
		t.Error("nothing is recalled")
	}
}

// What a token was parsed into serves the next one, whether or not its memory is kept.
func TestDiscardAfterMemorize(t *testing.T) {
	kept, other := claimed(t, `{"iss":"i","sub":"s","jti":"j","x":1}`), claimed(t, `{"iss":"other","sub":"another","jti":"not this","y":"of another"}`)
	path, err := token.ParsePath("x")
	must.Succeed(t, err)
	for range 100 {
		u, err := token.Parse(kept)
		must.Succeed(t, err)
		v, err := u.VerifyWith(secretKey(t, "", secret, keys.HS256))
		must.Succeed(t, err)
		memory := v.Memorize()
		u.Discard()
		for range 3 {
			verified(t, other)
		}
		got, ok := memory.Recall(kept, new(token.Digest))
		if !ok || got.Issuer() != "i" || got.Subject() != "s" || got.ID() != "j" || got.Payload() != `{"iss":"i","sub":"s","jti":"j","x":1}` {
			t.Fatalf("the memory has become %v, %v", got.Payload(), ok)
		}
		if x, ok := got.Find(path); !ok || x.Raw != "1" {
			t.Fatalf("a claim has become %v", x)
		}
	}
}

func TestError(t *testing.T) {
	for want, err := range map[string]*token.Error{
		"token_malformed: header: is bad (at byte 3)": {Reason: token.TokenMalformed, Part: "header", Detail: "is bad", Offset: 3},
		"token_expired: payload.exp: it ended":        {Reason: token.TokenExpired, Part: "payload.exp", Detail: "it ended", Offset: -1},
		"keys_unavailable: no keys":                   {Reason: token.KeysUnavailable, Detail: "no keys", Offset: -1},
		"user_unknown":                                {Reason: token.UserUnknown, Offset: -1},
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		wrapped := fmt.Errorf("while testing: %w", err)
		if token.ReasonOf(wrapped) != err.Reason || !errors.Is(wrapped, &token.Error{Reason: err.Reason}) || errors.Is(wrapped, &token.Error{Reason: token.Internal}) {
			t.Errorf("reason of %v", wrapped)
		}
		if errors.Is(err, errors.New("x")) {
			t.Error("it is another type's error")
		}
	}
	if token.ReasonOf(nil) != token.Accepted || token.ReasonOf(errors.New("x")) != token.Internal {
		t.Error("reasons of other errors")
	}
}

// No refusal shows a claim's value, a key ID, or what the rule wants.
func TestErrorsShowNothing(t *testing.T) {
	const trace = "s3cr3t"
	for _, payload := range []string{
		`{"iss":"s3cr3t"}`, `{"sub":1,"x":"s3cr3t"}`, `{"aud":["s3cr3t",1]}`, `{"exp":"s3cr3t"}`, `{"s3cr3t":1,"s3cr3t":2}`, `{"x":"s3cr3t`, `s3cr3t`,
		`{"iss":"i","aud":"s3cr3t"}`, `{"iss":"i","scope":"s3cr3t"}`, `{"iss":"i","sub":["s3cr3t"]}`,
	} {
		for _, header := range []string{`{"alg":"HS256"}`, `{"alg":"s3cr3t"}`, `{"alg":"HS256","kid":"s3cr3t"}`, `{"alg":"HS256","typ":"s3cr3t"}`, `{"alg":"HS256","crit":["s3cr3t"]}`} {
			u, err := token.Parse(signed(t, header, payload))
			if err == nil {
				var v *token.Verified
				if v, err = u.Verify(keys.NewSet(secretKey(t, "k", secret, keys.HS256))); err == nil {
					err = (&token.Expected{Issuer: "i", Audience: []string{"a"}}).Check(v, clockNow)
				}
			}
			if err != nil && (strings.Contains(err.Error(), trace) || strings.Contains(err.Error(), secret)) {
				t.Errorf("%s %s: %v", header, payload, err)
			}
		}
	}
}
