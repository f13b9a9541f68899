package jwt

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/apinto/drivers/app/manager"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/setting"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// envOrder tells a process of TestRegister in which order it is to register.
const envOrder = "APINTO_JWT_TEST_ORDER"

// drivers takes what a package registers.
type drivers struct{ names []string }

func (d *drivers) RegisterExtenderDriver(name string, _ eosc.IExtenderDriverFactory) error {
	d.names = append(d.names, name)
	return nil
}

// TestRegister does what a gateway's main does, in every order, each in a process of its own: what is registered is the
// process's, and cannot be taken back.
func TestRegister(t *testing.T) {
	if order := os.Getenv(envOrder); order != "" {
		register(t, strings.Split(order, ","))
		return
	}
	for _, order := range []string{
		"ours,app,setting", "app,ours,setting", "app,setting,ours",
		"setting,app,ours", "setting,ours,app", "ours,setting,app",
		"ours", "ours,ours,app,ours,setting,app,setting",
	} {
		t.Run(order, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^TestRegister$", "-test.v")
			child.Env = append(os.Environ(), envOrder+"="+order)
			if output, err := child.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			} else if !strings.Contains(string(output), "PASS") {
				t.Errorf("no test ran:\n%s", output)
			}
		})
	}
}

// register calls the three packages in order and looks at what came of it.
func register(t *testing.T, order []string) {
	t.Helper()
	d := new(drivers)
	for _, who := range order {
		switch who {
		case "ours":
			Register(d)
		case "app":
			app.Register(d)
		case "setting":
			auth.Register(d)
		}
	}
	f, ok := auth.Get(Name)
	if _, isOurs := f.(*factory); !ok || !isOurs {
		t.Fatalf("the type %q is %T", Name, f)
	}
	if alias := auth.Alias()["jwt"]; alias != Name {
		t.Errorf("the alias jwt is of %q", alias)
	}
	if slices.Contains(order, "setting") {
		listedOnce(t)
	}
	inManagerOnce(t, f)
}

// listedOnce looks at GET /setting/auth.
func listedOnce(t *testing.T) {
	t.Helper()
	s, ok := setting.GetSettings().GetDriver("auth")
	if !ok {
		t.Fatal("there is no setting auth")
	}
	text, err := json.Marshal(s.Get())
	must.Succeed(t, err)
	var list []struct {
		Name   string     `json:"name"`
		Render formSchema `json:"render"`
	}
	must.Succeed(t, json.Unmarshal(text, &list))
	var names []string
	for _, item := range list {
		names = append(names, item.Name)
		if item.Name == Name && !slices.Contains(item.Render.Properties["config"].Properties["algorithm"].Enum, "EdDSA") {
			t.Error("the form of jwt is the builtin's")
		}
	}
	slices.Sort(names)
	want := []string{"aksk", "apikey", "basic", "jwt", "oauth2", "openid-connect-jwt", "para-hmac"}
	if !slices.Equal(names, want) {
		t.Errorf("GET /setting/auth lists %q, want %q", names, want)
	}
}

// inManagerOnce reports whether the host asks an application's authenticator once a request.
func inManagerOnce(t *testing.T, f auth.IAuthFactory) {
	t.Helper()
	var m manager.IManager
	bean.Autowired(&m)
	driver, err := app.NewFactory().Create("app", "app", "", "", nil)
	must.Succeed(t, err)
	config := new(app.Config)
	config.Auth = []*app.Auth{{Type: Name, Config: host.BaseConfig(t, f, ruleJSON())}}
	if _, err := driver.Create("a@app", "a", config, nil); err != nil {
		t.Fatal(err)
	}
	if list := m.List(); len(list) != 1 {
		t.Errorf("the host asks %d authenticators for one rule", len(list))
	} else if _, isOurs := list[0].(*authenticator); !isOurs {
		t.Errorf("the host asks a %T", list[0])
	}
	if list := m.ListByDriver("JWT"); len(list) != 1 {
		t.Errorf("the host finds %d authenticators by the type's name", len(list))
	}
}
