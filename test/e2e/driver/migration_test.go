package driver

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// migrant is an application that a stock gateway stores, with a token for its first entry.
type migrant struct {
	app   gateway.App
	token rig.Call
	// stock and ours say who accepts the token.
	stock, ours bool
	effects     string // of the entries, by the check
}

// migrant makes an application whose entries look into headers of its own.
func newMigrant(name, effects string, stock, ours bool, token string, rules ...gateway.Rule) migrant {
	m := migrant{stock: stock, ours: ours, effects: effects, token: rig.InHeader("X-"+name+"-0", token)}
	m.app = gateway.App{Name: name, Driver: "app"}
	for i, rule := range rules {
		users := []gateway.User{{Name: "ann-of-" + name}}
		m.app.Auth = append(m.app.Auth, gateway.Auth{
			Type: "jwt", Position: "header", TokenName: "X-" + name + "-" + string(rune('0'+i)), Config: rule, Users: users,
		})
	}
	return m
}

// migrants are what the test stores.
func migrants(t *testing.T) []migrant {
	t.Helper()
	small := jwttest.RSAKey(1024)
	const good = "the secret of an entry that stays as it is"
	sign := func(key any, alg, name string, more rig.Claims) string {
		payload := rig.Claims{"iss": "us", "sub": "ann-of-" + name}
		for claim, value := range more {
			payload[claim] = value
		}
		return jwttest.Sign(t, alg, key, map[string]any{"typ": "JWT"}, payload)
	}
	hs := func(secret string, members ...any) gateway.Rule {
		rule := gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "$.sub", "claims_to_verify": []string{}}
		for i := 0; i < len(members); i += 2 {
			rule[members[i].(string)] = members[i+1]
		}
		return rule
	}
	return []migrant{
		newMigrant("partly", "set aside", true, true, sign(good+" 0", "HS256", "partly", nil), hs(good+" 0"), hs("")),
		newMigrant("empty", "set aside", false, false, sign("x", "HS256", "empty", nil), hs("")),
		newMigrant("small", "lost", true, false, sign(small, "RS256", "small", nil),
			gateway.Rule{"algorithm": "RS256", "rsa_public_key": jwttest.PublicPEM(small), "path": "$.sub", "claims_to_verify": []string{}}),
		newMigrant("base64", "set aside", false, false, sign("x", "HS256", "base64", nil), hs("not*base64", "signature_is_base_64", true)),
		newMigrant("issuer", "differs", true, false, sign(good+" 1", "HS256", "issuer", nil), hs(good+" 1", "iss", "them")),
		newMigrant("expired", "differs", true, false, sign(good+" 2", "HS256", "expired", rig.Claims{"exp": 1}), hs(good+" 2", "claims_to_verify", nil)),
		newMigrant("same", "", true, true, sign(good+" 3", "HS256", "same", nil), hs(good+" 3")),
	}
}

// What "jwtctl check" says before this gateway takes the stock one's place is what happens, and the stock one takes its
// place again.
func TestMigration(t *testing.T) {
	dir := t.TempDir()
	stock, tool := filepath.Join(dir, "stock"), filepath.Join(dir, "jwtctl")
	must.Succeed(t, errors.Join(gateway.BuildStock(t.Context(), stock, os.Stderr), gateway.BuildTool(t.Context(), tool, os.Stderr)))
	node, err := rig.LaunchBinary(t.Context(), stock, "warning")
	must.Succeed(t, err)
	t.Cleanup(func() { rig.StopNode(t, node) })
	e := rig.NewEnv(node)
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, node.Front(t.Context(), e.Upstream.Address(), e.Log))
	all := migrants(t)
	for _, m := range all {
		must.Succeed(t, node.Create(t.Context(), m.app))
	}
	judged(t, e, all, func(m migrant) bool { return m.stock })
	before := checked(t, tool, "--admin", node.AdminURL)
	linted(t, tool, node.AdminURL)
	must.Succeed(t, node.Stop())
	if after := checked(t, tool, "--data", filepath.Join(node.Dir, "data")); !bytes.Equal(before, after) {
		t.Errorf("the data directory says %s, the admin API %s", after, before)
	}

	node.Use(rig.Binary())
	must.Succeed(t, node.Restart(t.Context()))
	t.Run("ours", func(t *testing.T) {
		judged(t, e, all, func(m migrant) bool { return m.ours })
		asChecked(t, e, all, before)
		correctable(t, e, all[0])
	})
	node.Use(stock)
	must.Succeed(t, node.Restart(t.Context()))
	t.Run("back", func(t *testing.T) { judged(t, e, all, func(m migrant) bool { return m.stock }) })
}

// linted runs "jwtctl lint" on a stock gateway, which has no status page: it finds what is stored all the same.
func linted(t *testing.T, tool, admin string) {
	t.Helper()
	out, _ := exec.CommandContext(t.Context(), tool, "lint", "--admin", admin).CombinedOutput() // it has findings
	for _, want := range []string{"error JWT001 ", "warning JWT040 ", "\nerror "} {
		if !strings.Contains(string(out), want) {
			t.Errorf("lint finds no %q: %s", want, out)
		}
	}
}

// judged sends each application's token.
func judged(t *testing.T, e *rig.Env, all []migrant, accepts func(migrant) bool) {
	t.Helper()
	for _, m := range all[:1] { // until the configuration has arrived
		e.Accept(t, e.Node, m.token)
	}
	for _, m := range all {
		if accepts(m) {
			e.Accept(t, e.Node, m.token)
		} else {
			e.Refuse(t, e.Node, m.token)
		}
	}
}

// finding is what the check says.
type finding struct {
	Application string `json:"application"`
	Findings    []struct {
		Effect string `json:"effect"`
		Text   string `json:"text"`
	} `json:"findings"`
}

// checked is the check's answer, which must be that something changes.
func checked(t *testing.T, tool string, flags ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	check := exec.CommandContext(t.Context(), tool, append([]string{"check", "--json"}, flags...)...)
	check.Stdout, check.Stderr = &out, os.Stderr
	var exit *exec.ExitError
	if err := check.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("jwtctl check %q: %v, %s", flags, err, &out)
	}
	return out.Bytes()
}

// asChecked compares the status page, the log and the admin API with what the check said.
func asChecked(t *testing.T, e *rig.Env, all []migrant, said []byte) {
	t.Helper()
	var list []finding
	must.Succeed(t, json.Unmarshal(said, &list))
	page, log := rig.Status(t, e.Node), e.Node.LogTail(1000)
	var aside []string
	for _, one := range page.SetAside {
		for _, fault := range one.Faults {
			aside = append(aside, one.Application+" "+fault)
		}
	}
	var want []string
	for _, m := range all {
		i := slices.IndexFunc(list, func(f finding) bool { return f.Application == m.app.Name+"@app" })
		if i < 0 {
			t.Errorf("%s: the check does not know it", m.app.Name)
			continue
		}
		effects := ""
		for _, f := range list[i].Findings {
			if f.Effect == "set aside" || f.Effect == "lost" {
				want = append(want, m.app.Name+"@app "+f.Text)
				if !strings.Contains(log, "application "+m.app.Name+"@app") || !strings.Contains(log, f.Text) {
					t.Errorf("%s: %q is not in the log: %s", m.app.Name, f.Text, log)
				}
			}
			effects += f.Effect
		}
		if effects != m.effects {
			t.Errorf("%s: the check says %q, want %q: %+v", m.app.Name, effects, m.effects, list[i])
		}
		if _, err := e.Node.Call(t.Context(), "GET", "/api/app/"+m.app.Name, nil); err != nil {
			t.Error(err)
		}
	}
	slices.Sort(aside)
	slices.Sort(want)
	if !slices.Equal(aside, want) {
		t.Errorf("set aside are %q, want %q", aside, want)
	}
}

// correctable saves an application that is partly set aside: as it is it is refused and goes on as before, corrected it is
// taken.
func correctable(t *testing.T, e *rig.Env, m migrant) {
	t.Helper()
	refusedWith(t, "PUT", e.Node.Replace(t.Context(), m.app), "config.secret: is empty; HS256 needs the secret that its tokens are signed with")
	e.Accept(t, e.Node, m.token)
	corrected := m.app
	corrected.Auth = corrected.Auth[:1]
	e.Replace(t, corrected)
	rig.Within(t, rig.Settle, func() error {
		for _, one := range rig.Status(t, e.Node).SetAside {
			if one.Application == m.app.Name+"@app" {
				return errors.New("it is still set aside")
			}
		}
		return nil
	})
	e.Accept(t, e.Node, m.token)
}
