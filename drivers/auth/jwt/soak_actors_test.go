package jwt

import (
	"crypto/elliptic"
	"fmt"
	"maps"
	"math/rand/v2"

	"apinto-jwt/jwttest"
)

// fresh are the claims of a token that nobody has seen.
func fresh(of claims) claims {
	other := maps.Clone(of)
	other["jti"] = fmt.Sprint(rand.Uint64())
	return other
}

// hs signs with this secret.
func (s *soak) hs(secret string) func(claims) string {
	return func(payload claims) string { return tokenOf(s.t, secret, payload) }
}

// inTurn is one of the answers after the other, version by version.
func inTurn(list ...string) func(int) string {
	return func(version int) string { return list[version%len(list)] }
}

// one is an actor with one application, which has these entries in turn; nil: it is not there.
func (s *soak) one(name string, turns [][]entry, probes ...probe) *actor {
	there := false
	stop := func() {
		if there {
			s.drop(name)
		}
		there = false
	}
	step := func(version int) {
		entries := turns[version%len(turns)]
		if entries == nil {
			stop()
			return
		}
		s.put(appOf(name), entries...)
		there = true
	}
	return &actor{name: name, step: step, stop: stop, probe: probes}
}

// asks is a probe that is signed anew now and then.
func asks(header string, sign func(claims) string, payload claims, answers ...string) probe {
	return probe{header: header, sign: sign, claims: payload, want: inTurn(answers...)}
}

// asksOne is a probe that is always the same token.
func asksOne(header string, sign func(claims) string, payload claims, answers ...string) probe {
	return probe{header: header, sign: sign, claims: payload, want: inTurn(answers...), one: true}
}

// atHeader is an entry for this header.
func atHeader(header, config, users string) entry {
	return entry{position: "header", name: header, config: config, users: users}
}

// singles are actors with one application each.
func (s *soak) singles() []*actor {
	ann, bob, a := claims{"sub": "ann"}, claims{"sub": "bob"}, s.hs(secretA)
	usual := func(header string) []entry { return []entry{atHeader(header, "", "")} }

	secret := func(i int) []entry { return []entry{atHeader("X-Secret", secretRule(fmt.Sprint(i)), "")} }
	const ofSecret = "ann of secret@app"

	keyA, keyB := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	set := func(list ...jwttest.JWK) []entry {
		return []entry{atHeader("X-Set", text(es256(setOf(list...), nil)), "")}
	}
	jwkA, jwkB := jwttest.NewJWK("a", keyA), jwttest.NewJWK("b", keyB)
	es := func(kid string, key any) func(claims) string {
		return func(payload claims) string { return jwttest.Sign(s.t, "ES256", key, claims{"kid": kid}, payload) }
	}
	const ofSet = "ann of set@app"

	users := func(list string) []entry { return []entry{atHeader("X-Users", "", list)} }
	shared := func(names ...string) []entry { return []entry{atHeader("X-Shared", "", usersJSON(names...))} }
	const unknown = "user_unknown"

	return []*actor{
		s.one("goes", [][]entry{nil, usual("X-Goes")}, asks("X-Goes", a, ann, "none", "ann of goes@app")),
		s.one(
			"secret", [][]entry{secret(0), secret(1), secret(2)},
			asks("X-Secret", s.hs("0"), ann, ofSecret, "signature_invalid", "signature_invalid"),
			asks("X-Secret", s.hs("1"), ann, "signature_invalid", ofSecret, "signature_invalid"),
			asks("X-Secret", s.hs("2"), ann, "signature_invalid", "signature_invalid", ofSecret),
			asks("X-Secret", s.hs("never"), ann, "signature_invalid"),
		),
		s.one(
			"set", [][]entry{set(jwkA), set(jwkA, jwkB), set(jwkB)},
			asksOne("X-Set", es("a", keyA), ann, ofSet, ofSet, "key_unknown"),
			asksOne("X-Set", es("b", keyB), ann, "key_unknown", ofSet, ofSet),
			asksOne("X-Set", es("b", keyA), ann, "key_unknown", "signature_invalid", "signature_invalid"),
		),
		s.one(
			"users", [][]entry{
				users(usersJSON("ann")), users(usersJSON("bob")), users(expiring(noon)), users(`[]`),
				users(expiring(noon + 1)),
			},
			asks("X-Users", a, ann, "ann of users@app", unknown, "user_expired", unknown, "ann of users@app"),
			asks("X-Users", a, bob, unknown, "bob of users@app", unknown, unknown, unknown),
		),
		s.one(
			"claims", [][]entry{usual("X-Claims"), {atHeader("X-Claims", ruleJSON("claims_to_verify", `["exp"]`), "")}},
			asks("X-Claims", a, ann, "ann of claims@app", "claim_missing"),
			asks("X-Claims", a, claims{"sub": "ann", "exp": noon + 1}, "ann of claims@app"),
		),
		s.one( // an entry goes and comes beside one that stays
			"beside", [][]entry{usual("X-Stays"), {atHeader("X-Stays", "", ""), atHeader("X-Beside", "", "")}},
			asks("X-Stays", a, ann, "ann of beside@app"),
			asks("X-Beside", a, ann, "none", "ann of beside@app"),
		),
		// Three that share a rule; one of them has it always.
		s.one("shares", [][]entry{usual("X-Shared")}, asks("X-Shared", a, ann, "ann of shares@app")),
		s.one(
			"left", [][]entry{nil, shared("lea"), shared("lea", "leo")},
			asks("X-Shared", a, claims{"sub": "lea"}, unknown, "lea of left@app", "lea of left@app"),
			asks("X-Shared", a, claims{"sub": "leo"}, unknown, unknown, "leo of left@app"),
			asks("X-Shared", s.hs(secretB), ann, "signature_invalid"),
		),
		s.one(
			"right", [][]entry{shared("rob"), nil, shared("ria")},
			asks("X-Shared", a, claims{"sub": "rob"}, "rob of right@app", unknown, unknown),
			asks("X-Shared", a, claims{"sub": "ria"}, unknown, unknown, "ria of right@app"),
		),
	}
}

// disabling is an application that is disabled and enabled.
func (s *soak) disabling() *actor {
	step := func(version int) {
		app := appOf("disabled")
		app.Disabled = version%2 == 1
		s.put(app, atHeader("X-Disabled", "", ""))
	}
	p := asks("X-Disabled", s.hs(secretA), claims{"sub": "ann"}, "ann of disabled@app", "app_disabled")
	return &actor{name: "disabled", step: step, stop: func() { s.drop("disabled") }, probe: []probe{p}}
}

// moving is a user who goes from one application to another, which have one rule.
func (s *soak) moving() *actor {
	names := []string{"here", "there"}
	step := func(version int) {
		from, to := names[1-version%2], names[version%2]
		s.put(appOf(from), atHeader("X-Moving", "", usersJSON("bob of "+from)))
		s.put(appOf(to), atHeader("X-Moving", "", usersJSON("ann")))
	}
	stop := func() {
		for _, name := range names {
			s.drop(name)
		}
	}
	p := asks("X-Moving", s.hs(secretA), claims{"sub": "ann"}, "ann of here@app", "ann of there@app")
	return &actor{name: "moving", step: step, stop: stop, probe: []probe{p}, gaps: true}
}

// crowd is many applications with a rule each at one rule.Location, of which one comes or goes at each step: first all come,
// then all go. missing is the reason for a token of one that is not there, while others are.
func (s *soak) crowd(name string, size int, config, sign func(i int) string, missing string) *actor {
	header := "X-" + name
	of := func(version int) int { return (version - 1) * 7 % size } // 7 and the size have no common factor
	there := func(i, version int) bool {
		turns := version / size
		for v := turns*size + 1; v <= version; v++ {
			if of(v) == i {
				turns++
			}
		}
		return turns%2 == 1
	}
	app := func(i int) string { return fmt.Sprint(name, i) }
	last := 0
	a := &actor{name: name, step: func(version int) {
		last = version
		if i := of(version); there(i, version) {
			s.put(appOf(app(i)), atHeader(header, config(i), ""))
		} else {
			s.drop(app(i))
		}
	}, stop: func() {
		for i := range size {
			if there(i, last) {
				s.drop(app(i))
			}
		}
	}}
	for i := range size {
		a.probe = append(a.probe, probe{
			header: header, sign: s.hs(sign(i)), claims: claims{fmt.Sprint("p", i): "ann"},
			want: func(version int) string {
				switch {
				case there(i, version):
					return "ann of " + app(i) + "@app"
				case version%(2*size) == 0:
					return "none"
				}
				return missing
			},
		})
	}
	return a
}

// actors are all of them.
func (s *soak) actors() []*actor {
	path := func(i int) string { return ruleJSON("path", quote(fmt.Sprint("p", i))) }
	same := func(int) string { return secretA }
	own := func(i int) string { return fmt.Sprint("secret ", i) }
	ownPath := func(i int) string { return ruleJSON("secret", quote(own(i)), "path", quote(fmt.Sprint("p", i))) }
	return append(s.singles(), s.disabling(), s.moving(),
		s.crowd("Crowd", 90, path, same, "user_missing"),         // one group of many rules
		s.crowd("Groups", 20, ownPath, own, "signature_invalid"), // many groups in one list
	)
}
