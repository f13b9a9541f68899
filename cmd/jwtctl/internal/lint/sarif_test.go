package lint

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
)

// A log is what SARIF 2.1.0 demands of one, as far as this program fills it: the members of each object and their types.
func TestSARIF(t *testing.T) {
	in := documents(t, "rivals")
	log := SARIF(Run(in), "v1.2.3")
	text, err := json.MarshalIndent(log, "", "  ")
	must.Succeed(t, err)
	golden.Expect(t, "sarif", string(text)+"\n")
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Tool.Driver.Rules) != len(catalogue) {
		t.Errorf("the log has version %q", log.Version)
	}
	name := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	for _, rule := range log.Runs[0].Tool.Driver.Rules {
		if !name.MatchString(rule.Name) || !slices.Contains([]Severity{"none", "note", "warning", "error"}, rule.Defaults.Level) {
			t.Errorf("rule %+v", rule)
		}
	}
	for _, r := range log.Runs[0].Results {
		if rule := log.Runs[0].Tool.Driver.Rules[r.RuleIndex]; rule.ID != r.RuleID || r.Message.Text == "" || len(r.Locations) != 1 {
			t.Errorf("result %+v", r)
		}
		if at := r.Locations[0]; at.Physical == nil || at.Physical.Artifact.URI != "rivals.json" || at.Logical[0].Name == "" {
			t.Errorf("location %+v", at)
		}
	}
}

// Without findings there is a list of results all the same (§3.14.23), and what has no file has no physical place (§3.28.3).
func TestSARIFOfNothing(t *testing.T) {
	text, err := json.Marshal(SARIF(nil, ""))
	must.Succeed(t, err)
	if !strings.Contains(string(text), `"results":[]`) || strings.Contains(string(text), `"version":""`) {
		t.Errorf("got %s", text)
	}
	text, err = json.Marshal(SARIF(Run(asked(t)["status"]), ""))
	must.Succeed(t, err)
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []map[string]any `json:"locations"`
			} `json:"results"`
		} `json:"runs"`
	}
	must.Succeed(t, json.Unmarshal(text, &log))
	for _, r := range log.Runs[0].Results {
		members := slices.Sorted(maps.Keys(r.Locations[0]))
		if !slices.Equal(members, []string{"logicalLocations"}) && !slices.Equal(members, []string{"logicalLocations", "physicalLocation"}) {
			t.Errorf("location %v", r.Locations[0])
		}
	}
}

// The address of a file is a URI.
func TestSARIFFileNames(t *testing.T) {
	f := Finding{ID: idNoUsers, File: "my apps/a#1.json"}
	if uri := f.result().Locations[0].Physical.Artifact.URI; uri != "my%20apps/a%231.json" {
		t.Errorf("got %s", uri)
	}
}
