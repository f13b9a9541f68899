package rule_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
)

// Every fault and doubt of an entry, as the admin API takes it: the *.json in testdata/faults and testdata/review have the
// entries, *.golden what is said of them. No fault shows a secret. The end-to-end tests send those of testdata/faults to a
// gateway.
func TestFaults(t *testing.T) {
	files, err := filepath.Glob("testdata/[fr]*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v in %q", err, files)
	}
	for _, file := range files {
		theme := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".json")
		t.Run(theme, func(t *testing.T) {
			text, err := os.ReadFile(file)
			must.Succeed(t, err)
			var cases []struct {
				Name  string
				Entry json.RawMessage
			}
			must.Succeed(t, json.Unmarshal(text, &cases))
			var b strings.Builder
			for _, c := range cases {
				b.WriteString(c.Name + "\n")
				faults, warnings := review(t, c.Entry)
				for _, fault := range faults {
					b.WriteString("  fault " + fault + "\n")
				}
				for _, warning := range warnings {
					b.WriteString("  warning " + warning + "\n")
				}
			}
			for _, secret := range []string{"SeCrEt", "short, but", "c2hvcnQs", "MIG", "MII", "MHc", "thirty-two"} {
				if strings.Contains(b.String(), secret) {
					t.Errorf("%q is shown", secret)
				}
			}
			golden.Expect(t, theme, b.String())
		})
	}
}

// review reads an entry of "auth" and returns what refuses it when it is saved, and what is doubtful.
func review(t *testing.T, text []byte) (faults, warnings []string) {
	t.Helper()
	var entry struct {
		Position  string
		TokenName string `json:"token_name"`
		Config    *rule.Config
		Users     []*rule.User
	}
	var members map[string]any
	must.Succeed(t, errors.Join(json.Unmarshal(text, &entry), json.Unmarshal(text, &members)))
	if entry.Config == nil {
		entry.Config = new(rule.Config)
	}
	entry.Config.NoteBeside(members)
	r, err := rule.Compiler{}.Compile(entry.TokenName, entry.Position, entry.Config, rule.Saved)
	if err != nil {
		if !errors.Is(err, rule.ErrConfig) {
			t.Errorf("%v is no ErrConfig", err)
		}
		return configjson.Faults(err), nil
	}
	users := rule.ReadUsers(entry.Users)
	return users.Faults, append(r.Warnings, users.Warnings...)
}
