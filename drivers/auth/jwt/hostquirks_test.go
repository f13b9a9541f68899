package jwt

import (
	"slices"
	"testing"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app/manager"
)

// quirkAuth is an authenticator whose ID changes with Set, as ours does.
type quirkAuth struct {
	application.IAuth
	before, after string
	set, deleted  bool
}

func (a *quirkAuth) ID() string {
	if a.set {
		return a.after
	}
	return a.before
}
func (*quirkAuth) Driver() string                                         { return Name }
func (a *quirkAuth) Set(application.IApp, []application.ITransformConfig) { a.set = true }
func (a *quirkAuth) Del(string)                                           { a.deleted = true }
func (*quirkAuth) UserCount() int                                         { return 1 }

// The host looks an authenticator up by its ID before Set, and files it by the one after it. If it does not any more, ID
// must not change: the host would have one authenticator for each rule, or none.
func TestHostFilesByTheIDAfterSet(t *testing.T) {
	newKit(t) // registers the type
	m := manager.NewManager(nil, []string{Name})
	a := &quirkAuth{before: "of the rule", after: "of all"}
	m.Set(appOf("a"), []application.IAuth{a}, map[string][]application.ITransformConfig{a.before: nil})
	if !a.set {
		t.Fatal("the host has not put it in force: it looks users up by another ID than the one before Set")
	}
	if _, ok := m.Get(a.before); ok {
		t.Error("the host files it by the ID before Set")
	}
	if got, ok := m.Get(a.after); !ok || got != application.IAuth(a) {
		t.Error("the host does not file it by the ID after Set")
	}
	if n := len(m.List()); n != 1 {
		t.Errorf("the host has %d to ask, want 1", n)
	}
}

// The host does not tell an authenticator that its application has another one now. If it does, Set need not find out.
func TestHostDoesNotDelete(t *testing.T) {
	newKit(t)
	m := manager.NewManager(nil, []string{Name})
	old, next := &quirkAuth{before: "old", after: "old"}, &quirkAuth{before: "next", after: "next"}
	for _, a := range []*quirkAuth{old, next} {
		m.Set(appOf("a"), []application.IAuth{a}, map[string][]application.ITransformConfig{a.before: nil})
	}
	if old.deleted {
		t.Error("the host calls Del of an authenticator that was replaced")
	}
	if m.Del(appOf("a").Id()); !next.deleted {
		t.Error("the host does not call Del when an application is deleted")
	}
}

// quirkFactory is of a type that is registered twice.
type quirkFactory struct{ auth.IAuthFactory }

func (quirkFactory) Alias() []string { return nil }

func (quirkFactory) Render() any { return nil }

// The host lists a type as often as it was registered, and hands out its own list. If it does not any more, listOnce has
// nothing to do, or no effect.
func TestHostListsATypeTwice(t *testing.T) {
	const name = "registered twice"
	for range 2 {
		auth.FactoryRegister(name, quirkFactory{})
	}
	names := auth.Keys()
	first := slices.Index(names, name)
	if first < 0 || !slices.Contains(names[first+1:], name) {
		t.Fatalf("the host lists %q, want it twice", names)
	}
	listOnce()
	if names = auth.Keys(); !slices.Contains(names, name) || slices.Contains(names[first+1:], name) {
		t.Errorf("the host lists %q, want it once", names)
	}
}
