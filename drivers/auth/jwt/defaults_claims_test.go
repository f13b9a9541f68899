package jwt

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// A configuration without the new fields means what it meant.
func TestDefaultsOfTheNewFields(t *testing.T) {
	rule := compiled(t, with(nil))
	if rule.Keys.Remote != nil || rule.Keys.HasIDs || len(rule.Locations) != 1 || len(rule.Labels) != 0 || len(rule.Warnings) != 0 {
		t.Errorf("got %+v", rule)
	}
	e := rule.Expected
	if e.Leeway != 0 || e.MaxLifetime != 0 || e.Type != "" || len(e.Audience) != 0 || len(e.Claims) != 0 {
		t.Errorf("claims are expected: %+v", e)
	}
}

// A key set is fetched as the form and the documentation say.
func TestDefaultsOfFetching(t *testing.T) {
	config := *compiled(t, fetching("https://issuer.test/jwks", nil)).Keys.Remote
	if config.AllowHTTP || config.CA != "" || config.CAFile != "" {
		t.Errorf("got %+v", config)
	}
	tests := []struct {
		field             string
		given, otherwise  time.Duration
		otherwise2, least int
		most              int
	}{
		{"JWKSRefresh", config.Refresh, remote.DefaultRefresh, 600, rule.MinRefresh, rule.MaxRefresh},
		{"JWKSMaxStale", config.MaxStale, remote.DefaultMaxStale, 86400, rule.MinStale, rule.MaxStale},
		{"Leeway", 0, 0, 0, 0, rule.MaxLeeway},
	}
	for _, test := range tests {
		if test.given != 0 && test.given != test.otherwise || test.otherwise != time.Duration(test.otherwise2)*time.Second {
			t.Errorf("%s: %s and %s, want %d s", test.field, test.given, test.otherwise, test.otherwise2)
		}
		field, _ := reflect.TypeFor[rule.Config]().FieldByName(test.field)
		for tag, want := range map[string]int{"default": test.otherwise2, "minimum": test.least, "maximum": test.most} {
			if got := field.Tag.Get(tag); got != fmt.Sprint(want) {
				t.Errorf("%s: the form's %s is %s, want %d", test.field, tag, got, want)
			}
		}
	}
}

// compiled is the rule of a configuration that must be good.
func compiled(t *testing.T, config object) *rule.Rule {
	t.Helper()
	auth, err := newRig(t).create(config)
	if err != nil {
		t.Fatal(err)
	}
	return auth.(*authenticator).rule
}
