package driver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Applications that a stock gateway has stored with what we refuse to save: what is good of them stays in force, what is not
// is named by application and field, and the check has said so before.
func TestMigrationStored(t *testing.T) {
	t.Parallel() // most of it is waiting
	dir := t.TempDir()
	stock, tool := filepath.Join(dir, "stock"), filepath.Join(filepath.Dir(rig.Binary()), "jwtctl") // as make build leaves it
	err := gateway.BuildStock(t.Context(), stock, os.Stderr)
	if _, missing := os.Stat(tool); missing != nil {
		tool = filepath.Join(dir, "jwtctl")
		err = errors.Join(err, gateway.BuildTool(t.Context(), tool, os.Stderr))
	}
	must.Succeed(t, err)
	node, err := rig.LaunchBinary(t.Context(), stock, "warning")
	must.Succeed(t, err)
	t.Cleanup(func() { rig.StopNode(t, node) })
	e := rig.NewEnv(node)
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, e.Configure(t.Context()))
	const secret = "the secret of what a stock gateway has stored "
	entry := func(name string, i int, more, users string) string {
		return fmt.Sprintf(`{"type":"jwt","position":"header","token_name":"X-%s-%d","config":{"algorithm":"HS256","secret":"%s%s%d","path":"$.sub","claims_to_verify":[]%s},"users":%s}`,
			name, i, secret, name, i, more, users)
	}
	const ann = `[{"pattern":{"username":"ann"}}]`
	for _, tt := range []struct {
		name    string
		entries []string
		good    int    // how many of the entries, from the first, accept
		aside   string // in a fault that the status page shows as set aside
		warned  string // in one of its warnings
	}{
		{"Slips", []string{entry("Slips", 0, `,"leewayy":5`, ann)}, 1, "", "leewayy"},
		{"Others", []string{entry("Others", 0, `,"aud":"x","require_claims":{"a":[]}`, ann)}, 1, "", "require_claims"},
		{"Three", []string{entry("Three", 0, "", ann), entry("Three", 1, "", ann), entry("Three", 2, `,"leeway":-5`, ann)}, 2, "config.leeway", ""},
		{"Nobody", []string{entry("Nobody", 0, "", ann), entry("Nobody", 1, "", `[]`)}, 1, "", "users"},
		{"Plain", []string{entry("Plain", 0, "", ann), entry("Plain", 1, "", `[{"pattern":{"username":"ann","password":"no hash at all"}}]`)}, 2, "", ""},
		{"Curved", []string{entry("Curved", 0, "", ann), `{"type":"jwt","position":"header","token_name":"X-Curved-1","config":{"algorithm":"ES256","rsa_public_key":"nonsense","path":"sub"},"users":` + ann + `}`}, 1, "config.rsa_public_key", ""},
		{"Issues", []string{entry("Issues", 0, `,"issue":{"access_ttl":1}`, ann), entry("Issues", 1, "", ann)}, 0, "config.i", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			must.Succeed(t, saved(t, e, `{"name":"`+tt.name+`","driver":"app","auth":[`+strings.Join(tt.entries, ",")+`]}`))
			e.Accept(t, node, stored(t, tt.name, 0, secret))
		})
		defer func() {
			page, log := rig.Status(t, node), node.LogTail(1000)
			for i := range tt.good {
				if err := e.Send(t, node, stored(t, tt.name, i, secret)).Accepted(); err != nil {
					t.Errorf("%s, entry %d: %v", tt.name, i, err)
				}
			}
			if tt.name == "Issues" {
				e.Accept(t, node, stored(t, tt.name, 1, secret))
			}
			id := strings.ToLower(tt.name) + "@app"
			found := ""
			for _, one := range page.SetAside {
				if one.Application == id {
					found += strings.Join(one.Faults, "; ")
				}
			}
			if !strings.Contains(found, tt.aside) || tt.aside != "" && !strings.Contains(log, id) {
				t.Errorf("%s: set aside is %q, want %q", tt.name, found, tt.aside)
			}
			found = ""
			for _, one := range page.Warnings {
				if one.Application == id {
					found += one.Warning + "; "
				}
			}
			if !strings.Contains(found, tt.warned) {
				t.Errorf("%s: warned of %q, want %q", tt.name, found, tt.warned)
			}
		}()
	}
	said := string(checked(t, tool, "--admin", node.AdminURL))
	for _, text := range []string{"slips@app", "leewayy", "others@app", "require_claims", "config.leeway", "curved@app", "config.rsa_public_key", "issues@app", "plain@app", "nobody@app"} {
		if !strings.Contains(said, text) {
			t.Errorf("jwtctl check does not say %q: %s", text, said)
		}
	}
	node.Use(rig.Binary())
	must.Succeed(t, node.Restart(t.Context()))
	e.Accept(t, node, rig.Bearer(jwttest.Sign(t, "HS256", rig.AnchorSecret, nil, rig.Claims{"sub": "anchor"})))
}

// stored is a request with a good token for one entry.
func stored(t *testing.T, name string, i int, secret string) rig.Call {
	t.Helper()
	return rig.InHeader(fmt.Sprintf("X-%s-%d", name, i), jwttest.Sign(t, "HS256", fmt.Sprint(secret, name, i), map[string]any{"typ": "JWT"}, rig.Claims{"iss": "us", "sub": "ann"}))
}
