package jwt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
)

// The dashboard's form and a rule's text, which decides the order of rules, are those of the gateways that are in use.
func TestFormAndRuleTextAreKept(t *testing.T) {
	form, err := json.MarshalIndent(newKit(t).Render(), "", " ")
	must.Succeed(t, err)
	text, err := json.MarshalIndent(rule.Config{Issue: new(rule.IssueConfig)}, "", " ")
	must.Succeed(t, err)
	for name, got := range map[string][]byte{"form.json": form, "rule.json": text} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		must.Succeed(t, err)
		if !bytes.Equal(append(got, '\n'), want) {
			t.Errorf("%s has changed:\n%s", name, got)
		}
	}
}

// A rule's positions are the host's.
func TestPositionsAreTheHosts(t *testing.T) {
	if rule.PositionHeader != application.PositionHeader || rule.PositionQuery != application.PositionQuery || rule.PositionBody != application.PositionBody {
		t.Error("a position of the rule is not the host's")
	}
	host, ours := reflect.TypeFor[application.User](), reflect.TypeFor[rule.User]()
	for i := range host.NumField() {
		want := host.Field(i)
		if got, ok := ours.FieldByName(want.Name); !ok || got.Type != want.Type || got.Tag != want.Tag {
			t.Errorf("the user's field %s is %v, the host's %v", want.Name, got, want)
		}
	}
}
