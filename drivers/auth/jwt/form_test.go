package jwt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The dashboard's form and a rule's text, which decides the order of rules, are those of the gateways that are in use.
func TestFormAndRuleTextAreKept(t *testing.T) {
	form, err := json.MarshalIndent(newKit(t).Render(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(Rule{Issue: new(Issue)}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"form.json": form, "rule.json": text} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(append(got, '\n'), want) {
			t.Errorf("%s has changed:\n%s", name, got)
		}
	}
}
