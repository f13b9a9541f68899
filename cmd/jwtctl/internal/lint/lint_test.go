package lint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// testNow is the time in tests.
var testNow = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// documents returns the documents of a file in testdata.
func documents(t *testing.T, name string) *Input {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	must.Succeed(t, err)
	in := &Input{Now: testNow}
	if strange := in.AddFile(name+".json", text); strange != 0 {
		t.Errorf("%s.json has %d strange documents", name, strange)
	}
	return in
}

// asked are inputs with what a gateway and issuers were asked, by the name of the file.
func asked(t *testing.T) map[string]*Input {
	t.Helper()
	status := documents(t, "status")
	status.Gateway = &Gateway{Date: testNow.Add(90 * time.Second), Asked: testNow, Status: []byte(`{
		"internal_faults": 2,
		"key_sets": [{"url":"https://a.example/jwks","failures":0},{"url":"https://b.example/jwks","failures":3,"last_error":"status 503"}],
		"crowded_rules": [{"place":"header Authorization","algorithm":"HS256","iss":"","keys":400,"tried":200}],
		"hints": [{"hint":"a token in the cookie session","count":7}]}`)}
	issuers := documents(t, "issuers")
	document := func(issuer string) Answer {
		return Answer{Status: 200, Body: []byte(`{"issuer":"` + issuer + `","jwks_uri":"https://x.example/keys"}`), Date: testNow, Asked: testNow}
	}
	issuers.Issuers = map[string]Answer{
		"https://slash.example" + discoveryPath: document("https://slash.example"),
		"https://host.example" + discoveryPath:  document("https://host.example"),
		"https://fine.example" + discoveryPath:  document("https://fine.example"),
		"https://html.example" + discoveryPath:  {Status: 200, Body: []byte("<html>"), Date: testNow.Add(-time.Hour), Asked: testNow},
		"https://gone.example" + discoveryPath:  {Status: 404, Date: testNow.Add(3 * time.Second), Asked: testNow},
		"https://down.example" + discoveryPath:  {Problem: "connection refused"},
		"https://other.example" + discoveryPath: {Status: 200, Body: []byte(`{"keys":null,"issuer":"https://other.example"}`), Asked: testNow},
		"https://pem.example/keys":              {Status: 200, Body: []byte(`{"keys":[]}`), Date: testNow.Add(80 * time.Second), Asked: testNow},
	}
	clocks := documents(t, "issuers")
	clocks.Issuers = map[string]Answer{"https://pem.example/keys": issuers.Issuers["https://pem.example/keys"]}
	clocks.Gateway = &Gateway{Date: testNow.Add(78 * time.Second), Asked: testNow}
	return map[string]*Input{"status": status, "issuers-online": issuers, "clocks": clocks}
}

// Each theme has its findings, and nothing is found in what is right.
func TestFindings(t *testing.T) {
	inputs := asked(t)
	for _, name := range []string{
		"entries", "reach", "rivals", "secrets", "claims", "audience", "keys", "issuers", "plugins", "open", "cache-front", "cache-behind",
	} {
		inputs[name] = documents(t, name)
	}
	found := make(map[string]bool)
	for name, in := range inputs {
		t.Run(name, func(t *testing.T) {
			list := Run(in)
			golden.Expect(t, name, Text(list, nil))
			for _, f := range list {
				found[f.ID] = true
				if f.Entry == "" && strings.HasPrefix(f.Field, "auth[") || f.What == "" {
					t.Errorf("finding %+v", f)
				}
			}
		})
	}
	for _, k := range catalogue {
		if !found[k.ID] {
			t.Errorf("%s is found nowhere", k.ID)
		}
	}
}

// No finding shows a secret, be it as JSON or as SARIF.
func TestFindingsShowNoSecret(t *testing.T) {
	in := documents(t, "secrets")
	text, err := json.Marshal([]any{Run(in), SARIF(Run(in), "v1")})
	must.Succeed(t, err)
	secrets := 0
	for _, e := range readEntries(in, &reporter{}) {
		if secret := e.config.Secret.Reveal(); len(secret) > 6 {
			secrets++
			if strings.Contains(string(text), secret) {
				t.Errorf("the secret of %s is shown", e.name())
			}
		}
	}
	if secrets < 10 {
		t.Errorf("%d secrets", secrets)
	}
}

// The same input has the same findings, in the same order.
func TestFindingsAreStable(t *testing.T) {
	for name, in := range asked(t) {
		first := Run(in)
		for range 20 {
			if !slices.Equal(first, Run(in)) {
				t.Fatalf("%s: the findings differ from run to run", name)
			}
		}
	}
	in := documents(t, "keys")
	first := Run(in)
	for range 20 {
		if !slices.Equal(first, Run(in)) {
			t.Fatal("the findings differ from run to run")
		}
	}
}

// IDs are ascending and unique: a new kind gets a new one.
func TestCatalogue(t *testing.T) {
	list := Catalogue()
	for i, k := range list {
		if i > 0 && k.ID <= list[i-1].ID {
			t.Errorf("%s stands behind %s", k.ID, list[i-1].ID)
		}
		if k.Severity.rank() < 0 || k.Name == "" || !strings.HasSuffix(k.Title, ".") || k.Remedy == "" || !Known(k.ID) {
			t.Errorf("kind %+v", k)
		}
	}
	if Known("JWT999") {
		t.Error("JWT999 is known")
	}
}

// Keys of the RFCs' examples are known.
func TestPublishedKeys(t *testing.T) {
	text, err := os.ReadFile("../../../../token/testdata/rfc.json")
	must.Succeed(t, err)
	var vectors []struct {
		Section string          `json:"section"`
		JWK     json.RawMessage `json:"jwk"`
	}
	must.Succeed(t, json.Unmarshal(text, &vectors))
	seen := 0
	for _, v := range vectors {
		set, _, err := keys.ParseJWKS([]byte(`{"keys":[`+string(v.JWK)+`]}`), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.KeyPairAlgorithms()...)})
		if err != nil || set.Len() == 0 || !strings.HasPrefix(v.Section, "RFC") {
			continue // a secret
		}
		if seen++; !published(set.Keys()[0].JWKThumbprint()) {
			t.Errorf("the key of %s is not known", v.Section)
		}
	}
	if seen < 4 {
		t.Errorf("%d keys", seen)
	}
}

func TestLooks(t *testing.T) {
	for text, want := range map[string][2]bool{ // base64 while it is text, text while it is base64
		"3q2-7wAAAADerb7vAAAAAN6tvu8AAAAA3q2-7wAAAAA":                      {true, false},
		"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=":                     {true, false},
		"a-secret-of-at-least-32-characters":                               {false, true},
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef": {false, true},
		"correct horse battery staple":                                     {false, true},
		"CorrectHorseBatteryStaple":                                        {false, false},
		"short":                                                            {false, false},
	} {
		if got := [2]bool{looksLikeBase64(text), looksLikeText(text)}; got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// What a file has is known by its fields.
func TestAddFile(t *testing.T) {
	in := &Input{}
	strange := in.AddFile("a.json", []byte(`[{"name":"a","auth":[]},{"name":"r","listen":80},{"plugins":[]},{"name":"t","driver":"plugin_template","plugins":{}},
		{"name":"s","driver":"cache","priority":1,"filters":{}},{"what":1},7,{"driver":5}]`))
	if strange != 3 || len(in.Applications) != 1 || len(in.Routers) != 1 || len(in.Templates) != 1 || len(in.Strategies) != 1 || in.Plugins == nil {
		t.Errorf("%d strange, %+v", strange, in)
	}
	if d := in.Strategies[0]; d.ID != "s@strategy" || d.File != "a.json" {
		t.Errorf("got %+v", d)
	}
	if strange := in.AddFile("b.json", []byte(`no JSON`)); strange != 1 {
		t.Errorf("%d strange", strange)
	}
	if in.AddPlugins([]byte(`{"plugins":5}`)) || !in.AddPlugins([]byte(` [{"name":"app"}]`)) || len(in.Plugins) != 1 {
		t.Errorf("plugins %+v", in.Plugins)
	}
}
