package jwt

import (
	"crypto/elliptic"
	"fmt"
	"maps"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/revocation"
)

// scene has what a change happens to: application a with an entry in force, and another one beside it.
type scene struct {
	*kit
	hashes *jwttest.Hashes
	store  storeFake
	app    *host.App
	list   []*authenticator // what the host may ask
	beside []string         // further headers of the requests
}

func (s *scene) save(app *host.App, e entry) { s.list = append(s.list, s.bind(app, e)...) }

// change is something that ends what was accepted, or has another user let in.
type change struct {
	name    string
	header  claims
	payload claims // beside "sub"
	key     any    // of ES256; nil: secretA
	entry   entry
	do      func(s *scene)
	want    string
	undo    func(s *scene) // nil: saving the entry again
}

// saves is a change of the entry.
func saves(e entry) func(*scene) { return func(s *scene) { s.save(s.app, e) } }

// clockAt is a change of the time.
func clockAt(seconds int64) func(*scene) { return func(s *scene) { s.clock.Store(seconds) } }

// lists is a change of a hash.
func lists(hash string, pairs ...string) func(*scene) {
	return func(s *scene) { s.hashes.Put(hash, pairs...) }
}

// rules is an entry with these members in its rule.
func rules(members ...string) entry { return entry{config: ruleJSON(members...)} }

func changes() []change {
	a, b := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	set := func(list ...jwttest.JWK) entry { return entry{config: text(es256(setOf(list...), nil))} }
	keyA, keyB := jwttest.NewJWK("a", a), jwttest.NewJWK("b", b)
	kid := claims{"kid": "a"}
	return []change{
		{
			name: "the token expires", payload: claims{"exp": noon + 9},
			do: clockAt(noon + 9), want: "token_expired", undo: clockAt(noon + 8),
		},
		{
			name: "the clock is put back", payload: claims{"nbf": noon},
			do: clockAt(noon - 1), want: "token_not_yet_valid", undo: clockAt(noon),
		},
		{
			name: "the leeway ends", payload: claims{"exp": noon - 5}, entry: rules("leeway", "6"),
			do: clockAt(noon + 1), want: "token_expired", undo: clockAt(noon),
		},

		{
			name: "the token is revoked", payload: claims{"jti": "x"},
			do: lists(revocation.HashRevoked, "x", "1"), want: "token_revoked", undo: lists(revocation.HashRevoked),
		},
		{
			name: "the application's tokens",
			do:   lists(revocation.HashNotBefore, "a", unix(noon)), want: "token_revoked", undo: lists(revocation.HashNotBefore),
		},
		{
			name: "the user's tokens", payload: claims{"iat": noon},
			do: lists(revocation.HashNotBefore, "a|ann", unix(noon+1)), want: "token_revoked",
			undo: lists(revocation.HashNotBefore, "a|ann", unix(noon)),
		},
		{
			name: "revoked at an endpoint", payload: claims{"iss": "us", "jti": "x", "exp": noon + 900}, entry: rules("issue", "{}"),
			want: "token_revoked",
			do:   func(s *scene) { s.store["x"] = true }, undo: func(s *scene) { delete(s.store, "x") },
		},

		{name: "the user is removed", do: saves(entry{users: usersJSON("bob")}), want: "user_unknown"},
		{name: "the last user is removed", do: saves(entry{users: `[]`}), want: "user_unknown"},
		{name: "the user is renamed", do: saves(entry{users: usersJSON("Ann")}), want: "user_unknown"},
		{
			name: "the user expires", entry: entry{users: expiring(noon + 9)},
			do: clockAt(noon + 9), want: "user_expired", undo: clockAt(noon + 8),
		},
		{name: "the user is given an end", do: saves(entry{users: expiring(noon)}), want: "user_expired"},
		{name: "the user moves", want: "ann of b@app", do: func(s *scene) {
			s.save(s.app, entry{users: usersJSON("bob")})
			s.save(appOf("b"), entry{})
		}, undo: func(s *scene) {
			s.save(appOf("b"), entry{users: `[]`})
			s.save(s.app, entry{})
		}},

		{
			name: "the application is disabled", want: "app_disabled",
			do: func(s *scene) { s.app.Disabled = true }, undo: func(s *scene) { s.app.Disabled = false },
		},
		{
			name: "the application is deleted",
			do:   func(s *scene) { s.list[0].Del(s.app.Id()) }, want: "signature_invalid",
		},

		{name: "another secret", do: saves(rules("secret", quote(secretB))), want: "signature_invalid"},
		{name: "another algorithm", do: saves(rules("algorithm", `"HS384"`)), want: "signature_invalid"},
		{
			name: "the key is removed", header: kid, key: a, entry: set(keyA, keyB),
			do: saves(set(keyB)), want: "key_unknown",
		},
		{
			name: "the key is another", header: kid, key: a, entry: set(keyA),
			do: saves(set(keyB.With("kid", "a"))), want: "signature_invalid",
		},
		{
			name: "the key has another ID", header: kid, key: a, entry: set(keyA),
			do: saves(set(keyA.With("kid", "c"))), want: "key_unknown",
		},
		{
			name: "the key set gives way to a secret", header: kid, key: a, entry: set(keyA),
			do: saves(entry{}), want: "algorithm_not_allowed",
		},

		{
			name: "another issuer", payload: claims{"iss": "me"}, entry: rules("iss", `"me"`),
			do: saves(rules("iss", `"you"`)), want: "signature_invalid",
		},
		{name: "a claim is required", do: saves(rules("claims_to_verify", `["exp"]`)), want: "claim_missing"},
		{
			name: "a claim is looked at", payload: claims{"exp": noon - 5}, entry: rules("claims_to_verify", `[]`),
			do: saves(rules()), want: "token_expired",
		},
		{
			name: "a value is required", payload: claims{"role": "user"},
			do: saves(rules("required_claims", `{"role":["admin"]}`)), want: "claim_mismatch",
		},
		{
			name: "an audience is required", payload: claims{"aud": "web"}, entry: rules("audience", `["web"]`),
			do: saves(rules("audience", `["shop"]`)), want: "audience_mismatch",
		},
		{
			name: "a shorter life", payload: claims{"iat": noon, "exp": noon + 99},
			do: saves(rules("max_lifetime", "98")), want: "lifetime_too_long",
		},
		{name: "another type", do: saves(rules("token_type", `"at+jwt"`)), want: "type_not_allowed"},
		{name: "another path", do: saves(rules("path", `"name"`)), want: "user_missing"},
		{name: "another place", do: saves(entry{position: "header", name: "X-Token"}), want: "signature_invalid"},
		{
			name: "another token comes with it", entry: rules("cookie_name", `"session"`), want: "token_malformed",
			do:   func(s *scene) { s.beside = []string{"Cookie: session=a.b.c"} },
			undo: func(s *scene) { s.beside = nil },
		},
	}
}

// expiring is ann, whose access ends at this time.
func expiring(at int64) string {
	return fmt.Sprintf(`[{"pattern":{"username":"ann"},"expire":%d}]`, at)
}

// What is accepted, often enough to be remembered, is judged anew with the first request after a change, and accepted
// again with the first after the change is taken back; with a cache and without.
func TestChangesWhileRemembered(t *testing.T) {
	for size, value := range cacheSizes {
		for _, c := range changes() {
			t.Run(size+", "+c.name, func(t *testing.T) {
				t.Setenv(EnvCacheBytes, value)
				s := &scene{kit: newKit(t), hashes: new(jwttest.Hashes), store: storeFake{}, app: appOf("a")}
				s.driver.Revocations.Hashes = s.hashes
				s.driver.Revocations.Add(s.store)
				s.save(s.app, c.entry)
				// It keeps the place there, and has no part in the rest.
				s.save(appOf("beside"), rules("secret", quote("of another")))
				raw := signedFor(t, c)
				s.expect("before", raw, "ann of a@app", 4)
				if got := s.driver.Holds(raw); got != (value == "") {
					t.Fatalf("remembered: %t", got)
				}
				undo := c.undo
				if undo == nil {
					undo = saves(c.entry)
				}
				for range 2 {
					c.do(s)
					s.expect("changed", raw, c.want, 3)
					undo(s)
					s.expect("as before", raw, "ann of a@app", 3)
				}
			})
		}
	}
}

// signedFor is the token of a change.
func signedFor(t *testing.T, c change) string {
	t.Helper()
	payload := claims{"sub": "ann"}
	maps.Copy(payload, c.payload)
	if c.key != nil {
		return jwttest.Sign(t, "ES256", c.key, c.header, payload)
	}
	return jwttest.Sign(t, "HS256", secretA, c.header, payload)
}

// expect sends the token so many times.
func (s *scene) expect(when, raw, want string, times int) {
	s.t.Helper()
	for i := range times {
		ctx := host.Get(s.t, "/", append([]string{"Authorization: Bearer " + raw}, s.beside...)...)
		got := answer(ctx, s.list...)
		if label := ctx.GetLabel(LabelResult); label != "" {
			got = label // the host gets disabled and expired users, to refuse them itself
		}
		if got != want {
			s.t.Fatalf("%s, request %d: got %s, want %s", when, i+1, got, want)
		}
	}
}
