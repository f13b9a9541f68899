package jwt

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

// Many applications share a key and an issuer, while their users come and go: with a directory the same users are found,
// in the same order, and the same reasons, as without one, and as if all rules were asked one after another.
func TestDirectory(t *testing.T) {
	source := rand.New(rand.NewPCG(7, 11))
	const apps, names, changes = 24, 12, 400
	with, without := newKit(t), newKit(t)
	with.driver.Registry.IndexFrom(2)
	without.driver.Registry.IndexFrom(1 << 30)

	configs := []string{
		ruleJSON(),
		ruleJSON("path", `"name"`),
		ruleJSON("audience", `["a"]`),
		ruleJSON("audience", `["b"]`, "path", `"name"`),
		ruleJSON("path", `"sub"`, "required_claims", `{"role":["admin"]}`),
		ruleJSON("path", `"sub"`, "cookie_name", `"c"`),
		ruleJSON("iss", `"user1"`, "path", `""`),
		ruleJSON("iss", `"user1"`),
	}
	var both [2][apps][]*authenticator
	var last [apps]string
	var model [apps]modelApp
	change := func(i int) {
		stays := last[i] != "" && source.IntN(2) == 0 // the rule: its users alone change
		if !stays {
			last[i] = configs[source.IntN(len(configs))]
		}
		config := last[i]
		var users []string
		for n := range names {
			if source.IntN(4) == 0 {
				expire := ""
				if source.IntN(6) == 0 {
					expire = `,"expire":1`
				}
				users = append(users, fmt.Sprintf(`{"pattern":{"username":"user%d"}%s}`, n, expire))
			}
		}
		if source.IntN(60) == 0 {
			users = append(users, fmt.Sprintf(`{"pattern":{"username":%q}}`, []string{"*", ""}[source.IntN(2)]))
		}
		drop := !stays && source.IntN(5) == 0
		disabled := source.IntN(8) == 0
		model[i] = modelApp{}
		for side, k := range []*kit{with, without} {
			if !stays || len(users) == 0 {
				for _, a := range both[side][i] {
					a.Del(fmt.Sprintf("app%02d@app", i))
				}
				both[side][i] = nil
			}
			if drop || len(users) == 0 {
				continue
			}
			app := &host.App{AppID: fmt.Sprintf("app%02d@app", i), Disabled: disabled}
			// The rules differ in something that is not looked at, so that every application has its own.
			own := strings.Replace(config, "{", fmt.Sprintf(`{"claims_to_labels":{"own":"label%02d"},`, i), 1)
			both[side][i] = k.bind(app, entry{config: own, users: "[" + strings.Join(users, ",") + "]"})
			model[i] = modelOf(app, both[side][i][0], users)
		}
	}
	for i := range apps {
		change(i)
	}
	found := map[string]int{}
	for range changes {
		change(source.IntN(apps))
		raw := tokenOf(t, secretA, claims{
			"iss": "user1", "sub": fmt.Sprintf("user%d", source.IntN(names+4)), "name": fmt.Sprintf("user%d", source.IntN(names+4)),
			"aud": []string{"a", "b", "c"}[source.IntN(3)], "role": []string{"admin", "guest"}[source.IntN(2)], "n": source.Int(),
		})
		for range 3 { // new, new again, remembered
			got, want := resolvedTo(t, with, raw), resolvedTo(t, without, raw)
			if byLoop := loopOver(t, model[:], raw); got != want || got != byLoop {
				t.Fatalf("with a directory %s, without %s, by a loop over all rules %s", got, want, byLoop)
			}
			found[strings.Fields(want)[0]]++
			if strings.HasPrefix(want, "accepted") && strings.Contains(want, fmt.Sprintf(" user%d/", names+1)) { // nobody lists this one
				found["any"]++
			}
		}
	}
	for _, outcome := range []string{"accepted", "user_unknown", "user_expired", "app_disabled", "any"} {
		if found[outcome] == 0 {
			t.Errorf("%s never came out: %v", outcome, found)
		}
	}
	if c := with.driver.Registry.Contents(); c.IndexedUsers != c.Users || c.Users == 0 {
		t.Errorf("the indexes have %d users, the rules %d", c.IndexedUsers, c.Users)
	}
	if !hasDirectory(with) || hasDirectory(without) {
		t.Error("the directory was not what was tested")
	}
}

// resolvedTo is all that a token comes to.
func resolvedTo(t *testing.T, k *kit, raw string) string {
	t.Helper()
	r, users := resolved(k.factory, inHeader(t, raw))
	text := r.Reason().String()
	for _, user := range users {
		text += " " + user.Name + "/" + user.App.Id()
	}
	return text
}

func hasDirectory(k *kit) bool { return k.driver.Registry.Contents().UserIndexes > 0 }

// maxLookups is how many ways to find a user an index has at most.
const maxLookups = 8

// A directory that would have a section for nearly every rule is given up; all rules are asked then.
func TestDirectoryOff(t *testing.T) {
	k := newKit(t)
	for i := range 2 * maxLookups {
		k.bind(appOf(fmt.Sprintf("app%d", i)), entry{config: ruleJSON("path", fmt.Sprintf(`"claim%d"`, i)), users: usersJSON("ann")})
	}
	if hasDirectory(k) {
		t.Error("it is still in use")
	}
	for i := range 2 * maxLookups {
		raw := tokenOf(t, secretA, claims{fmt.Sprintf("claim%d", i): "ann"})
		if got, want := resolvedTo(t, k, raw), fmt.Sprintf("accepted ann/app%d@app", i); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
