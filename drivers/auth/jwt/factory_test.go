package jwt

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/eolinker/apinto/application"
	builtin "github.com/eolinker/apinto/application/auth/jwt"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
)

// The host hands over a nil *BaseConfig where an entry has no "config".
func TestMissingConfig(t *testing.T) {
	k := newKit(t)
	notRead := new(application.BaseConfig)
	ofUsers := new(application.BaseConfig)
	if err := errors.Join(ofUsers.UnmarshalJSON([]byte(`{}`)), ofUsers.SetType(k.UserType())); err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]any{
		"nil":              nil,
		"nil pointer":      (*application.BaseConfig)(nil),
		"not read":         notRead,
		"of another type":  ofUsers,
		"no config at all": "x",
		"a bare rule":      &rule.Config{},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := k.Create("Authorization", "header", config)
			if a != nil || !errors.Is(err, ErrConfig) || !slices.Equal(faultyFields(err), []string{"config"}) {
				t.Errorf("got %v, %v", a, err)
			}
		})
	}
}

// Create runs several times for each save, in processes that serve no requests too: it must not do anything.
func TestCreateHasNoEffect(t *testing.T) {
	k := newKit(t)
	for range 3 {
		k.make(entry{})
	}
	a := k.make(entry{})
	if n := a.UserCount(); n != 0 {
		t.Errorf("%d users", n)
	}
	if got := answer(inHeader(t, ann(t)), a); got != "none" {
		t.Errorf("a rule that was never set answers %s", got)
	}
	if g := k.driver.Registry; g.Contents() != (registry.Contents{}) || g.Generation() != 0 {
		t.Error("the registry has changed")
	}
}

// Another factory knows nothing of this one's applications.
func TestFactoriesAreApart(t *testing.T) {
	one, two := newKit(t), newKit(t)
	one.bind(appOf("a"), entry{})
	if got := answer(inHeader(t, ann(t)), two.make(entry{})); got != "none" {
		t.Errorf("got %s", got)
	}
	if NewFactory() == NewFactory() {
		t.Error("one factory twice")
	}
}

// What the host asks a factory is as the builtin answers it.
func TestFactoryIsLikeTheBuiltin(t *testing.T) {
	ours, theirs := NewFactory(), builtin.NewFactory()
	if !slices.Equal(ours.Alias(), theirs.Alias()) {
		t.Errorf("aliases %q, the builtin's are %q", ours.Alias(), theirs.Alias())
	}
	if len(ours.PreRouters()) != 0 {
		t.Error("there are pre-routers")
	}
	for name, types := range map[string][2]reflect.Type{
		"config": {ours.ConfigType(), theirs.ConfigType()},
		"user":   {ours.UserType(), theirs.UserType()},
	} {
		if types[0].Kind() != reflect.Pointer || types[0].Elem().Kind() != reflect.Struct {
			t.Errorf("%s: %v is no pointer to a struct", name, types[0])
		}
		for _, field := range reflect.VisibleFields(types[1].Elem()) {
			tag := field.Tag.Get("json")
			if tag == "" {
				continue
			}
			found := slices.ContainsFunc(reflect.VisibleFields(types[0].Elem()), func(f reflect.StructField) bool {
				return f.Tag.Get("json") == tag && f.Type.Kind() == field.Type.Kind()
			})
			if !found {
				t.Errorf("%s: the builtin's field %q is missing, or of another kind", name, tag)
			}
		}
	}
}

func TestBodyLimitFromTheEnvironment(t *testing.T) {
	for text, want := range map[string]int{
		"": defaultBodyLimit, "1": 1, "4096": 4096, "67108864": mostBodyLimit,
		"0": defaultBodyLimit, "-1": defaultBodyLimit, "67108865": defaultBodyLimit, "1MB": defaultBodyLimit, "99999999999999999999": defaultBodyLimit,
	} {
		t.Setenv(EnvBodyLimit, text)
		if got := newKit(t).driver.BodyLimit; got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
