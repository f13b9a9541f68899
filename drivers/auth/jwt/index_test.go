package jwt

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// Rules with the same keys and issuer at one place share a signature check, all others do not.
func TestGroups(t *testing.T) {
	other := jwttest.PublicPEM(jwttest.OtherECKey(p256))
	one := jwttest.PublicPEM(jwttest.ECKey(p256))
	tests := []struct {
		name   string
		rules  []entry
		groups int
	}{
		{"one rule", []entry{{}}, 1},
		{"other claims and paths", []entry{{}, {config: ruleJSON("claims_to_verify", `[]`)}, {config: ruleJSON("path", `"name"`)}}, 1},
		{"another secret", []entry{{}, {config: secretRule(secretB)}}, 2},
		{"another issuer", []entry{{}, {config: ruleJSON("iss", `"me"`)}}, 2},
		{"another place", []entry{{}, {position: "header", name: "X-Token"}}, 2},
		{"the same place in other words", []entry{{}, {position: "header"}, {position: "header", name: "authorization"}}, 1},
		{"the same secret for another algorithm", []entry{{}, {config: ruleJSON("algorithm", `"HS384"`)}}, 2},
		{"the same secret in base64", []entry{{config: secretRule("abc")}, {config: ruleJSON("secret", `"YWJj"`, "signature_is_base_64", `true`)}}, 1},
		{"another public key", []entry{{config: pemRule("ES256", one)}, {config: pemRule("ES256", other)}, {config: pemRule("ES256", one+other)}}, 3},
		{"the same public key with text round it", []entry{{config: pemRule("ES256", one)}, {config: pemRule("ES256", "x\n"+one)}}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			for i, e := range test.rules {
				k.bind(appOf(fmt.Sprint(i)), e)
			}
			if got := k.driver.Registry.Contents().Groups; got != test.groups {
				t.Errorf("%d groups, want %d", got, test.groups)
			}
		})
	}
}

// The index answers as if all rules were asked one after another, after any sequence of changes.
func TestIndexAfterManyChanges(t *testing.T) {
	k := newKit(t)
	random := rand.New(rand.NewPCG(1, 2))
	bound := map[int]bool{}
	const rules = 40
	list := make([]*authenticator, rules)
	token := func(i int) string {
		return tokenOf(t, fmt.Sprint("secret ", i%8), claims{"iss": fmt.Sprint("iss ", i%3), fmt.Sprint("p", i): "ann"})
	}
	config := func(i int) string {
		issuer := quote(fmt.Sprint("iss ", i%3))
		if i%5 == 0 {
			issuer = `""`
		}
		return ruleJSON("secret", quote(fmt.Sprint("secret ", i%8)), "iss", issuer, "path", quote(fmt.Sprint("p", i)))
	}
	for i := range rules {
		list[i] = k.make(entry{position: "header", name: fmt.Sprint("X-", i%2), config: config(i)})
	}
	for step := range 400 {
		i := random.IntN(rules)
		app := appOf(fmt.Sprint(i))
		if bound[i] {
			list[i].Del(app.Id())
		} else {
			list[i].Set(app, host.Users(t, k, usersJSON("ann")))
		}
		bound[i] = !bound[i]
		if step%20 != 0 {
			continue
		}
		for i := range rules {
			got := answer(host.Get(t, "/", fmt.Sprintf("X-%d: %s", i%2, token(i))), list...)
			if accepted := got == fmt.Sprintf("ann of %d@app", i); accepted != bound[i] {
				t.Fatalf("step %d, rule %d is bound: %t, got %s", step, i, bound[i], got)
			}
		}
	}
}

// Why nothing fits: the algorithm, then the issuer.
func TestWhyNothingFits(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{config: ruleJSON("iss", `"me"`)},
		entry{position: "header", name: "X-Other", config: ruleJSON("algorithm", `"HS512"`)})
	k.bind(appOf("b"), entry{config: ruleJSON("iss", `"me"`, "algorithm", `"HS384"`)})
	for _, test := range []struct{ algorithm, issuer, want string }{
		{"HS512", "me", "algorithm_not_allowed"},
		{"HS256", "you", "issuer_mismatch"},
		{"HS384", "", "issuer_mismatch"},
		{"HS384", "me", "ann of b@app"},
	} {
		signed := jwttest.Sign(t, test.algorithm, secretA, nil, claims{"sub": "ann", "iss": test.issuer})
		if got := answer(inHeader(t, signed), list...); got != test.want {
			t.Errorf("%+v: got %s", test, got)
		}
	}
	list[0].Del("b@app")
	signed := jwttest.Sign(t, "HS384", secretA, nil, claims{"sub": "ann", "iss": "me"})
	if got := answer(inHeader(t, signed), list...); got != "algorithm_not_allowed" {
		t.Errorf("an algorithm whose last rule is gone: got %s", got)
	}
}

// Places are looked at in the same order, whatever the order in which they were bound.
func TestShelvesAreInOrder(t *testing.T) {
	entries := []entry{
		{position: "header", name: "Authorization"},
		{position: "header", name: "X-Token"},
		{position: "query", name: "a"},
		{position: "query", name: "b"},
		{position: "body", name: "$.a"},
		{position: "body", name: "a"},
	}
	var want []rule.Location
	for _, e := range entries {
		want = append(want, newKit(t).make(e).rule.Locations[0])
	}
	for range 20 {
		k := newKit(t)
		for _, i := range rand.Perm(len(entries)) {
			k.bind(appOf(fmt.Sprint(i)), entries[i])
		}
		var got []rule.Location
		for _, s := range *k.driver.Registry.Locations() {
			got = append(got, s.Location)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// Binding ten times as many applications takes about ten times as much. It is measured in memory, as time depends on
// what else the machine does.
func TestBindingIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, config := range map[string]func(i int) string{
		"a secret each":                func(i int) string { return secretRule(fmt.Sprint("secret ", i)) },
		"one secret, an issuer each":   func(i int) string { return ruleJSON("iss", quote(fmt.Sprint("i", i))) },
		"one rule, other users in all": func(int) string { return ruleJSON() },
	} {
		t.Run(name, func(t *testing.T) {
			bind := func(n int) uint64 {
				k := newKit(t)
				list := make([]*authenticator, n)
				users := make([][]application.ITransformConfig, n)
				for i := range list {
					list[i], users[i] = k.make(entry{config: config(i)}), host.Users(t, k, usersJSON(fmt.Sprint("user", i)))
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				for i, a := range list {
					a.Set(appOf(fmt.Sprint(i)), users[i])
				}
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			few, many := bind(500), bind(5000)
			if many > 20*few {
				t.Errorf("500 take %d bytes, 5,000 take %d, %d times as many", few, many, many/few)
			}
		})
	}
}
