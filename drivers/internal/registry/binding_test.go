package registry

import (
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// appOf is an application by its name.
func appOf(name string) *host.App { return &host.App{AppID: name + "@app"} }

func userOf(app application.IApp, name string) *application.UserInfo {
	return &application.UserInfo{Name: name, App: app}
}

func TestBinding(t *testing.T) {
	b := newBinding(&rule.Rule{Keys: new(rule.KeySource)})
	one, two := appOf("1"), appOf("2")
	owner := func(name string) string {
		if user, ok := b.users.Load(name); ok {
			return user.App.Id()
		}
		return ""
	}
	expect := func(step string, want map[string]string) {
		t.Helper()
		count := 0
		for name, want := range want {
			if got := owner(name); got != want {
				t.Errorf("%s: %s is of %q, want %q", step, name, got, want)
			}
			if want != "" {
				count++
			}
		}
		if got := b.users.Size(); got != count {
			t.Errorf("%s: %d users, want %d", step, got, count)
		}
	}
	b.set("1@app", []*application.UserInfo{userOf(one, "ann"), userOf(one, "bob")}, nil)
	expect("set", map[string]string{"ann": "1@app", "bob": "1@app"})
	b.set("1@app", []*application.UserInfo{userOf(one, "bob"), userOf(one, "eve")}, nil)
	expect("set again", map[string]string{"ann": "", "bob": "1@app", "eve": "1@app"})
	b.set("2@app", []*application.UserInfo{userOf(two, "bob"), userOf(two, "joe")}, nil)
	expect("taken over", map[string]string{"bob": "2@app", "joe": "2@app", "eve": "1@app"})
	b.set("1@app", []*application.UserInfo{userOf(one, "eve")}, nil)
	expect("the first gives up", map[string]string{"bob": "2@app", "joe": "2@app", "eve": "1@app"})
	b.drop("1@app")
	expect("the first goes", map[string]string{"bob": "2@app", "joe": "2@app", "eve": ""})
	b.drop("3@app")
	b.drop("2@app")
	expect("the second goes", map[string]string{"bob": "", "joe": "", "eve": ""})
	if len(b.apps) != 0 {
		t.Errorf("applications are left: %v", b.apps)
	}
}

func TestBindingCheck(t *testing.T) {
	b := newBinding(&rule.Rule{Keys: new(rule.KeySource)})
	b.set("1@app", []*application.UserInfo{userOf(appOf("1"), "ann")}, nil)
	for _, test := range []struct {
		app   string
		names []string
		ok    bool
	}{
		{"1@app", []string{"ann", "bob"}, true},
		{"2@app", []string{"bob"}, true},
		{"2@app", []string{"bob", "ann"}, false},
		{"2@app", nil, true},
	} {
		if err := b.check(test.app, test.names); (err == nil) != test.ok {
			t.Errorf("%s, %v: %v", test.app, test.names, err)
		}
	}
}
