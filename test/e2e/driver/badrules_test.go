package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// badEntry is an entry of "auth" with what is said of it: faults refuse it, warnings do not.
type badEntry struct {
	Name             string
	Entry            json.RawMessage
	faults, warnings []string
}

// badEntries are those that package rule has golden files of, by theme.
func badEntries(t *testing.T) map[string][]badEntry {
	t.Helper()
	const dir = "../../../rule/testdata/faults/"
	themes := map[string][]badEntry{}
	files, err := filepath.Glob(dir + "*.json")
	if err != nil || len(files) < 4 {
		t.Fatalf("%v in %q", err, files)
	}
	for _, file := range files {
		var list []badEntry
		text, err := os.ReadFile(file)
		must.Succeed(t, err)
		must.Succeed(t, json.Unmarshal(text, &list))
		golden, err := os.ReadFile(strings.TrimSuffix(file, ".json") + ".golden")
		must.Succeed(t, err)
		i := -1
		for line := range strings.Lines(string(golden)) {
			line = strings.TrimSuffix(line, "\n")
			if fault, found := strings.CutPrefix(line, "  fault "); found {
				list[i].faults = append(list[i].faults, fault)
			} else if warning, found := strings.CutPrefix(line, "  warning "); found {
				list[i].warnings = append(list[i].warnings, warning)
			} else if i++; list[i].Name != line {
				t.Fatalf("%s has no golden text", list[i].Name)
			}
		}
		themes[strings.TrimSuffix(filepath.Base(file), ".json")] = list
	}
	return themes
}

// withEntry is an application of one entry, as the admin API takes it.
func withEntry(name string, entry any) rig.Object {
	return rig.Object{"name": name, "driver": "app", "auth": []any{entry}}
}

// TestBadRules tries each as a new application and as a change of one that works, which must go on to work. The admin API
// says all that package rule says, and takes what is merely doubtful.
func TestBadRules(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of the rule that stays"
	working := gateway.JWTApp("working", gateway.Auth{
		Position: "header", TokenName: "X-Working",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}, Users: []gateway.User{{Name: "ann"}},
	})
	e.Add(t, working)
	good := rig.InHeader("X-Working", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"sub": "ann"}))
	e.Accept(t, e.Node, good)

	try := func(t *testing.T, bad badEntry) {
		_, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", withEntry("bad", bad.Entry))
		_, found := e.Node.Call(t.Context(), http.MethodGet, "/api/app/bad", nil)
		if len(bad.faults) == 0 {
			taken(t, e, bad, err)
			return
		}
		refusedWith(t, http.MethodPost, err, bad.faults...)
		if found == nil {
			t.Error("the application was stored")
			_ = e.Node.Delete(t.Context(), gateway.App{Name: "bad"})
		}
		_, err = e.Node.Call(t.Context(), http.MethodPut, "/api/app/working", withEntry("working", bad.Entry))
		refusedWith(t, http.MethodPut, err, bad.faults...)
		if err := e.Send(t, e.Node, good).Accepted(); err != nil {
			t.Error(err)
		}
		e.Refuse(t, e.Node, rig.Call{})
	}
	for theme, list := range badEntries(t) {
		for _, bad := range list {
			t.Run(theme+"/"+bad.Name, func(t *testing.T) { try(t, bad) })
		}
	}
	t.Run("missing config", func(t *testing.T) {
		entry := json.RawMessage(`{"type":"jwt","position":"header","token_name":"X-Bad","config":null,"users":[{"pattern":{"username":"ann"}}]}`)
		try(t, badEntry{Entry: entry, faults: []string{"config: missing; give at least algorithm and its key"}})
	})
	t.Run("afterwards the admin API takes a good one", func(t *testing.T) {
		e.Replace(t, working)
		e.Accept(t, e.Node, good)
	})
}

// taken expects that an entry was saved, and is warned of on the status page.
func taken(t *testing.T, e *rig.Env, doubtful badEntry, err error) {
	t.Helper()
	must.Succeed(t, err)
	rig.Within(t, rig.Settle, func() error {
		all := fmt.Sprint(rig.Status(t, e.Node).Warnings)
		for _, warning := range doubtful.warnings {
			if !strings.Contains(all, "bad@app "+warning) {
				return fmt.Errorf("no warning of %q: %s", warning, all)
			}
		}
		return nil
	})
	if err := e.Node.Delete(t.Context(), gateway.App{Name: "bad"}); err != nil {
		t.Error(err)
	}
}

// refusedWith expects an answer of the admin API that has these faults and not a word more: what golden files show no
// secret in, shows none.
func refusedWith(t *testing.T, method string, err error, faults ...string) {
	t.Helper()
	var refused *gateway.AdminError
	if !errors.As(err, &refused) {
		t.Errorf("%s: %v, want an error of the admin API", method, err)
		return
	}
	kind, said, _ := strings.Cut(refused.Body, ": ")
	if refused.Status != http.StatusInternalServerError || !strings.HasPrefix(kind, "invalid jwt ") { // as the README shows it
		t.Errorf("%s: status %d, %q", method, refused.Status, refused.Body)
	}
	if want := strings.Join(faults, "; "); strings.TrimSpace(said) != want {
		t.Errorf("%s: got  %q\nwant %q", method, said, want)
	}
}
