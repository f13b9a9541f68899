package jwt

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/process-admin/admin"
	"github.com/eolinker/eosc/professions"
	"github.com/eolinker/eosc/variable"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// envProcess tells a process of TestAdminProcess that it is the one.
const envProcess = "APINTO_JWT_TEST_PROCESS"

// TestAdminProcess runs the host's own admin process on what a stock gateway has stored, in a process of its own, whose name
// and registrations cannot be taken back.
func TestAdminProcess(t *testing.T) {
	if os.Getenv(envProcess) == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestAdminProcess$", "-test.v")
		child.Env = append(os.Environ(), envProcess+"=admin")
		output, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "--- PASS: TestAdminProcess/") {
			t.Errorf("%v\n%s", err, output)
		}
		return
	}
	env.SetProcessName(eosc.ProcessAdmin)
	Register(new(drivers))
	bad := entry{config: ruleJSON("secret", `""`)}
	partly := appJSON(bad, entry{position: "header", name: "X-Good"})
	with := `{"additional":[{"key":"k","value":"${v}","position":"header","conflict":"convert"}],` + appJSON(bad, entry{users: usersJSON("eve")})[1:]
	a := newAdmin(map[string]string{"partly": partly, "whole": appJSON(entry{}), "with": with})
	t.Run("what is stored is loaded", func(t *testing.T) { a.holds(t, "partly", "whole", "with") })
	t.Run("what is saved is refused", func(t *testing.T) {
		for _, name := range []string{"partly", "whole", "fresh"} {
			if err := a.save(name, partly); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "config.secret") {
				t.Errorf("%s: %v", name, err)
			}
		}
		a.holds(t, "partly", "whole", "with")
		if err := a.save("partly", appJSON(entry{position: "header", name: "X-Good"})); err != nil {
			t.Error(err)
		}
	})
	t.Run("a variable changes", func(t *testing.T) {
		err := a.try(func(ctx context.Context, api admin.AdminApiWrite) error {
			return api.SetVariable(ctx, "default", map[string]string{"v": "b"})
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Run("a transaction fails", func(t *testing.T) {
		err := a.try(func(ctx context.Context, api admin.AdminApiWrite) error {
			_, err := api.DeleteWorker(ctx, "with@app")
			return err
		})
		if err != nil {
			t.Error(err)
		}
		a.holds(t, "partly", "whole", "with")
	})
}

// adminProcess is the host's, with applications.
type adminProcess struct{ admin.AdminController }

// newAdmin does what the host does when the process starts.
func newAdmin(apps map[string]string) adminProcess {
	p := professions.NewProfessions(extenders{})
	p.Reset([]*eosc.ProfessionConfig{{Name: "app", Mod: eosc.ProfessionConfig_Worker, Drivers: []*eosc.DriverConfig{{Id: "app", Name: "app"}}}})
	data := make(map[string][]byte)
	for name, body := range apps {
		text, _ := json.Marshal(workerOf(name, body))
		data[name+"@app"] = text
	}
	variables := variable.NewVariables(map[string][]byte{"default": []byte(`{"v":"a"}`)})
	a := adminProcess{admin.NewImlAdminData(data, p, variables, nil)}
	var workers eosc.IWorkers = a
	bean.Injection(&workers)
	return a
}

// extenders have the host's driver of applications.
type extenders struct{}

func (extenders) GetDriver(string) (eosc.IExtenderDriverFactory, bool) { return app.NewFactory(), true }

// workerOf is an application as the host stores it.
func workerOf(name, body string) *eosc.WorkerConfig {
	return &eosc.WorkerConfig{Id: name + "@app", Profession: "app", Name: name, Driver: "app", Body: []byte(body)}
}

// save is the call of the admin API.
func (a adminProcess) save(name, body string) error {
	return a.try(func(ctx context.Context, api admin.AdminApiWrite) error {
		_, err := api.SetWorker(ctx, workerOf(name, body))
		return err
	})
}

// errRollback ends a transaction that went well: there is no master process that could take it.
var errRollback = errors.New("roll back")

// try makes a change in a transaction and takes it back.
func (a adminProcess) try(change func(context.Context, admin.AdminApiWrite) error) error {
	err := a.Transaction(context.Background(), func(ctx context.Context, api admin.AdminApiWrite) error {
		return cmp.Or(change(ctx, api), errRollback)
	})
	if errors.Is(err, errRollback) {
		return nil
	}
	return err
}

// holds expects exactly these applications.
func (a adminProcess) holds(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, w := range a.AllWorkers(t.Context()) {
		got = append(got, strings.TrimSuffix(w.Id(), "@app"))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the admin process has %q, want %q", got, want)
	}
}

// storedKit is a kit in a process to which the host hands what is stored.
func storedKit(t testing.TB) *kit {
	t.Helper()
	k := newKit(t)
	k.driver.origin = func() rule.Origin { return rule.Stored }
	return k
}

func TestStoredFaults(t *testing.T) {
	for name, bad := range map[string]entry{
		"empty secret":      {config: ruleJSON("secret", `""`)},
		"wrong type":        {config: ruleJSON("audience", `5`)},
		"no object":         {config: `"x"`},
		"nobody to be":      {config: ruleJSON("path", `""`)},
		"of another module": {config: `{"algorithm":"none"}`},
	} {
		t.Run(name, func(t *testing.T) {
			k := storedKit(t)
			bad.position, bad.name = "header", "X-Bad"
			list := k.bind(appOf("shop"), bad, entry{position: "header", name: "X-Good"})
			if got := answer(host.Get(t, "/", "X-Good: "+ann(t)), list...); got != "ann of shop@app" {
				t.Errorf("the good entry: got %s", got)
			}
			if got := answer(host.Get(t, "/", "X-Bad: "+ann(t)), list...); got != "none" {
				t.Errorf("the bad entry: got %s", got)
			}
			s := k.driver.status()
			if s.Rules != 1 || len(s.SetAside) != 1 || s.SetAside[0].Application != "shop@app" ||
				!strings.HasPrefix(s.SetAside[0].Entry, "header X-Bad") || !strings.HasPrefix(s.SetAside[0].Faults[0], "config") {
				t.Errorf("got %+v", s)
			}
			k.bind(appOf("shop"), entry{position: "header", name: "X-Good"})
			if s := k.driver.status(); s.Rules != 1 || len(s.SetAside) != 0 {
				t.Errorf("after it was corrected: got %+v", s)
			}
		})
	}
}

// An application of nothing but what is set aside keeps the host from letting every request through.
func TestNothingButFaults(t *testing.T) {
	k := storedKit(t)
	a := k.bind(appOf("shop"), entry{config: ruleJSON("secret", `""`)})[0]
	if got := answer(inHeader(t, tokenOf(t, "x", claims{"sub": "ann"})), a); got != "none" {
		t.Errorf("got %s", got)
	}
	if a.UserCount() == 0 {
		t.Error("the host would forget it")
	}
	if a.Del("shop@app"); a.UserCount() != 0 {
		t.Error("the host would keep it for ever")
	}
}

func TestStoredUsers(t *testing.T) {
	k := storedKit(t)
	users := `[{"pattern":{"username":"ann"}},{"pattern":{"username":"ann"}},{"pattern":{"username":"bob","password":"plain"}}]`
	list := k.bind(appOf("shop"), entry{users: users}, entry{name: "X-None", users: `[]`})
	for _, name := range []string{"ann", "bob"} {
		if got := answer(inHeader(t, tokenOf(t, secretA, claims{"sub": name})), list...); got != name+" of shop@app" {
			t.Errorf("%s: got %s", name, got)
		}
	}
	text := fmt.Sprint(k.driver.status().Warnings)
	for _, want := range []string{"users[1].pattern.username", "users[2].pattern.password", "users: is empty"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "plain") && !strings.Contains(text, "in plain text") {
		t.Errorf("a password in %s", text)
	}
}

// What is refused when it is saved is in force, with a warning, if it is stored.
func TestStoredObjections(t *testing.T) {
	for name, config := range map[string]string{
		"config.leewayy":         ruleJSON("leewayy", `1`),
		"config.issue.ttl":       ruleJSON("iss", `"us"`, "issue", `{"ttl":5}`),
		"config.cookie_name":     ruleJSON("cookie_name", `"a[b]"`),
		"config.required_claims": ruleJSON("required_claims", `{"n":[9007199254740992,"x"],"sub":[]}`),
		"config.revision":        ruleJSON("revision", `1`),
	} {
		t.Run(name, func(t *testing.T) {
			k := storedKit(t)
			list := k.bind(appOf("shop"), entry{config: config})
			text := tokenOf(t, secretA, claims{"iss": "us", "sub": "ann", "n": "x", "exp": time.Now().Add(time.Hour).Unix()})
			if got := answer(inHeader(t, text), list...); got != "ann of shop@app" {
				t.Errorf("got %s", got)
			}
			if text := fmt.Sprint(k.driver.status().Warnings); !strings.Contains(text, name) {
				t.Errorf("no %s in %s", name, text)
			}
		})
	}
}

func TestUserFields(t *testing.T) {
	for _, test := range []struct {
		name, users string
		faults      []string
		stored      bool // the user is in force if it is stored
	}{
		{"another spelling", `[{"pattern":{"username":"ann"},"hide_credentials":true}]`, []string{"users[0].hide_credentials: is not a field of this driver: write hide_credential"}, true},
		{"name beside the pattern", `[{"username":"ann"}]`, []string{"users[0].username: is not a field of this driver: write pattern.username"}, false},
		{"another name in the pattern", `[{"pattern":{"name":"ann"}}]`, []string{"users[0].pattern.name: is not a field of this driver: write username"}, false},
		{"wrong types", `[{"pattern":{"username":5},"expire":"soon","labels":[]}]`, []string{
			"users[0].expire: must be a whole number", "users[0].labels: must be an object of names and values", "users[0].pattern.username: must be a string",
		}, false},
		{"field of an interface", `[{"pattern":{"username":"ann","icon":"x"},"colour":1}]`, nil, true},
		{"any case", `[{"Pattern":{"Username":"ann"}}]`, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			err := k.make(entry{}).Check("shop@app", host.Users(t, k, test.users))
			if (err == nil) != (test.faults == nil) {
				t.Fatalf("got %v", err)
			}
			for _, fault := range test.faults {
				if !strings.Contains(err.Error(), fault) {
					t.Errorf("no %q in %v", fault, err)
				}
			}
			k = storedKit(t)
			list := k.bind(appOf("shop"), entry{users: test.users})
			if got := answer(inHeader(t, ann(t)), list...); (got == "ann of shop@app") != test.stored {
				t.Errorf("stored: got %s", got)
			}
			if len(k.driver.status().Warnings) == 0 && !strings.Contains(test.name, "case") {
				t.Error("stored: no warning")
			}
		})
	}
}

// What a rule is objected to for refuses one that is saved and warns of one that is stored.
func TestObjections(t *testing.T) {
	k := storedKit(t)
	k.bind(appOf("shop"), entry{config: ruleJSON("secret", `"short"`, "colour", `1`)})
	text := fmt.Sprint(k.driver.status().Warnings)
	for _, want := range []string{"config.colour", "config.secret", "shop@app"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
