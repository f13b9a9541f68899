package jwt

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// formSchema is a form as the dashboard reads it.
type formSchema struct {
	Type       string                `json:"type"`
	Label      string                `json:"label"`
	Switch     string                `json:"switch"`
	Enum       []string              `json:"enum"`
	Items      *formSchema           `json:"items"`
	Properties map[string]formSchema `json:"properties"`
	Sort       []string              `json:"ui:sort"`
	Required   []string              `json:"required"`
}

// form is the driver's form, as the admin API shows it.
func form(t *testing.T) formSchema {
	t.Helper()
	text, err := json.Marshal(newKit(t).Render())
	must.Succeed(t, err)
	var s formSchema
	must.Succeed(t, json.Unmarshal(text, &s))
	return s
}

func TestFormHasEveryFieldOfARule(t *testing.T) {
	config := form(t).Properties["config"]
	eachField(t, func(name string, _ reflect.StructField) {
		field, ok := config.Properties[name]
		if !ok {
			t.Errorf("%s is missing", name)
		} else if field.Label == "" {
			t.Errorf("%s has no label", name)
		}
	})
	if len(config.Properties) != len(config.Sort) {
		t.Errorf("%d fields, %d in the order of the form", len(config.Properties), len(config.Sort))
	}
	if _, leaked := config.Properties["decoded"]; leaked {
		t.Error("the form shows a field that is not the administrator's")
	}
}

func TestFormHasEveryFieldOfAnEntry(t *testing.T) {
	f := form(t)
	for _, name := range []string{"position", "token_name", "config", "users"} {
		if f.Properties[name].Label == "" {
			t.Errorf("%s is missing or has no label", name)
		}
	}
	if got := f.Properties["position"].Enum; !reflect.DeepEqual(got, []string{"header", "query", "body"}) {
		t.Errorf("positions %q", got)
	}
	user := f.Properties["users"].Items
	if user == nil {
		t.Fatal("users are no list")
	}
	for _, name := range []string{"pattern", "expire", "labels", "hide_credential"} {
		if user.Properties[name].Label == "" {
			t.Errorf("users: %s is missing or has no label", name)
		}
	}
	if user.Properties["pattern"].Properties["username"].Label == "" {
		t.Error("users: pattern.username is missing or has no label")
	}
}

func TestFormOffersEveryAlgorithm(t *testing.T) {
	offered := map[string]bool{}
	for _, name := range form(t).Properties["config"].Properties["algorithm"].Enum {
		offered[name] = true
	}
	for _, a := range keys.Algorithms() {
		if !offered[string(a)] {
			t.Errorf("%s is missing", a)
		}
		delete(offered, string(a))
	}
	for name := range offered {
		t.Errorf("%s is offered and unknown", name)
	}
}

// The secret's fields show for the HS algorithms and the public key's for all others.
func TestFormSwitches(t *testing.T) {
	config := form(t).Properties["config"].Properties
	shown := func(field string, a keys.Algorithm) bool {
		condition := config[field].Switch
		equal, differs := "algorithm==='"+string(a)+"'", "algorithm!=='"+string(a)+"'"
		if strings.Contains(condition, "!==") {
			return !strings.Contains(condition, differs)
		}
		return strings.Contains(condition, equal)
	}
	for _, a := range keys.Algorithms() {
		isSecret := a.Kind() == keys.KindSecret
		for field, want := range map[string]bool{
			"secret": isSecret, "signature_is_base_64": isSecret, "rsa_public_key": !isSecret,
		} {
			if got := shown(field, a); got != want {
				t.Errorf("%s shows %s: %t, want %t", a, field, got, want)
			}
		}
	}
}

func TestFormChecksClaims(t *testing.T) {
	field := form(t).Properties["config"].Properties["claims_to_verify"]
	if field.Items == nil || !reflect.DeepEqual(field.Items.Enum, []string{"exp", "nbf"}) {
		t.Errorf("claims_to_verify is %+v", field)
	}
}

func TestUsernameIsThePattern(t *testing.T) {
	var u rule.User
	must.Succeed(t, json.Unmarshal([]byte(`{"pattern":{"username":"ann"},"expire":5,"hide_credential":true,"labels":{"a":"b"}}`), &u))
	if u.Username() != "ann" || u.Expire != 5 || !u.HideCredential || u.Labels["a"] != "b" {
		t.Errorf("read as %+v", u)
	}
}

// Each way of writing a secret in base64 is the same secret.
func TestBase64Secrets(t *testing.T) {
	secret := "\xfb\xff\xfe?~~ and more"
	token := tokenOf(t, secret, claims{"sub": "ann"})
	for name, text := range map[string]string{
		"standard":          base64.StdEncoding.EncodeToString([]byte(secret)),
		"standard unpadded": base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"URL":               base64.URLEncoding.EncodeToString([]byte(secret)),
		"URL unpadded":      base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"with a line end":   base64.StdEncoding.EncodeToString([]byte(secret)) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{config: ruleJSON("secret", quote(text), "signature_is_base_64", `true`)})
			if got := answer(inHeader(t, token), list...); got != "ann of a@app" {
				t.Errorf("got %s", got)
			}
		})
	}
	t.Run("not said to be base64", func(t *testing.T) {
		k := newKit(t)
		text := base64.StdEncoding.EncodeToString([]byte(secret))
		list := k.bind(appOf("a"), entry{config: ruleJSON("secret", quote(text))})
		if got := answer(inHeader(t, tokenOf(t, text, claims{"sub": "ann"})), list...); got != "ann of a@app" {
			t.Errorf("got %s", got)
		}
	})
}
