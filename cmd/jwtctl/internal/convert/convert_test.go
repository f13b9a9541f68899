package convert

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
)

// converted converts a file in testdata, which is named after its source.
func converted(t *testing.T, name string) *Result {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	must.Succeed(t, err)
	source, _, _ := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "-")
	result, err := From(source, text)
	must.Succeed(t, err)
	return result
}

// inputs are the files to convert, each named after its source.
func inputs(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata")
	must.Succeed(t, err)
	var names []string
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".golden" {
			names = append(names, entry.Name())
		}
	}
	return names
}

// Each source has an example, of which this comes.
func TestConvert(t *testing.T) {
	seen := make(map[string]bool)
	for _, name := range inputs(t) {
		result := converted(t, name)
		base := strings.TrimSuffix(name, filepath.Ext(name))
		source, _, _ := strings.Cut(base, "-")
		seen[source] = true
		var left strings.Builder
		for _, l := range result.Left {
			fmt.Fprintf(&left, "# %s: %s\n", l.Field, l.Why)
		}
		golden.Expect(t, base, left.String()+Script(result))
	}
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, Sources()) {
		t.Errorf("there are examples of %v", got)
	}
}

// What is made is what the gateway takes: every rule compiles as one that is saved, and the users are in order.
func TestEveryRuleCompiles(t *testing.T) {
	rules := 0
	for _, name := range inputs(t) {
		for _, call := range converted(t, name).Calls {
			var app struct {
				Name   string `json:"name"`
				Driver string `json:"driver"`
				Auth   []struct {
					Type      string       `json:"type"`
					Position  string       `json:"position"`
					TokenName string       `json:"token_name"`
					Config    *rule.Config `json:"config"`
					Users     []*rule.User `json:"users"`
				} `json:"auth"`
			}
			must.Succeed(t, json.Unmarshal(call.Body, &app))
			if app.Driver != "app" || app.Name != call.Name || len(app.Auth) == 0 {
				t.Errorf("%s: the application %s is %+v", name, call.Name, app)
			}
			for i, e := range app.Auth {
				if e.Type != "jwt" {
					continue
				}
				rules++
				if _, err := (rule.Compiler{}).Compile(e.TokenName, e.Position, e.Config, rule.Saved); err != nil {
					t.Errorf("%s: %s auth[%d]: %v", name, call.Name, i, configjson.Faults(err))
				}
				if users := rule.ReadUsers(e.Users); len(users.Faults)+len(users.Warnings) > 0 || len(users.List) == 0 && users.Any == nil {
					t.Errorf("%s: %s auth[%d]: users %+v", name, call.Name, i, users)
				}
			}
		}
	}
	if rules < 20 {
		t.Errorf("%d rules", rules)
	}
}

// What no call carries has a reason, and no secret stands there.
func TestLeftHasReasons(t *testing.T) {
	for _, name := range inputs(t) {
		for _, l := range converted(t, name).Left {
			if l.Field == "" || l.Why == "" || strings.Contains(l.Field+l.Why, "secret-of-") {
				t.Errorf("%s: %+v", name, l)
			}
		}
	}
}

func TestFromRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrText, "- a\n": ErrText, "a: [\n": ErrText, "plain": ErrText, "{}": ErrNothing, `{"a":1}`: ErrNothing,
	} {
		for _, source := range []string{"envoy", "istio", "krakend", "higress", "tyk", "apinto"} {
			if _, err := From(source, []byte(text)); !errors.Is(err, want) {
				t.Errorf("%s %q: %v", source, text, err)
			}
		}
	}
}

// Whatever is in a file, there is a result or an error, and every rule is one that the gateway takes.
func FuzzFrom(f *testing.F) {
	for i, source := range Sources() {
		entries, _ := filepath.Glob("testdata/" + source + "*.[jy]*")
		for _, name := range entries {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), string(text))
		}
	}
	f.Fuzz(func(t *testing.T, source uint8, text string) {
		result, err := From(Sources()[int(source)%len(Sources())], []byte(text))
		if err != nil {
			return
		}
		for _, call := range result.Calls {
			if !json.Valid(call.Body) {
				t.Errorf("%s is no JSON", call.Body)
			}
		}
		_ = Script(result)
	})
}

// Names are what the host takes, and each is there once.
func TestNames(t *testing.T) {
	w := &writer{names: make(map[string]bool)}
	for _, tt := range [][2]string{{"Shop", "shop"}, {"shop", "shop-2"}, {"a b/c", "a-b-c"}, {"…", "app"}, {"", "app-2"}, {"x@y", "x-y"}} {
		if got := w.name(tt[0]); got != tt[1] {
			t.Errorf("%q: got %s", tt[0], got)
		}
	}
}

// Names and reasons of a source do not become commands of the script, nor names of files elsewhere.
func TestScriptRunsNothingOfTheSource(t *testing.T) {
	const evil = "x'\\n$(touch made)`touch made`/../y"
	result, err := From("apinto", []byte(`{"name":"`+evil+`","auth":[{"type":"apikey"}]}`))
	must.Succeed(t, err)
	dir := t.TempDir()
	script := filepath.Join(dir, "calls.sh")
	must.Succeed(t, os.WriteFile(script, []byte("curl() { cat > /dev/null; }\n"+Script(result)+"curl() { :; }\n"), 0o600))
	command := exec.Command("sh", script)
	command.Dir, command.Env = dir, append(os.Environ(), "ADMIN=http://admin.test")
	if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v, %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		t.Error("the script ran what the source says")
	}
	for _, call := range result.Calls {
		if strings.ContainsAny(call.Path, "'\n ") || strings.Contains(call.Name, "/") {
			t.Errorf("the call %s, the file %s", call.Path, call.Name)
		}
	}
}
