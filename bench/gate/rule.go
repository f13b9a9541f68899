package gate

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"

	"apinto-jwt/bench/token"
	"apinto-jwt/jwttest/host"
)

// Rule is an application with one rule and one user.
type Rule struct {
	App    string
	Key    token.Key
	Claims token.Claims
	Leeway int // seconds; 0: not configured
}

// Rules makes n rules with a secret each, and an issuer each or one that they share.
func Rules(n int, sharedIssuer bool) []Rule {
	rules := make([]Rule, n)
	for i := range rules {
		name := fmt.Sprintf("%05d", i)
		issuer := "https://issuer-" + name + ".example"
		if sharedIssuer {
			issuer = "https://issuer.example"
		}
		rules[i] = Rule{App: "app-" + name, Key: token.Secret(name), Claims: token.Claims{Issuer: issuer, User: "user-" + name}}
	}
	return rules
}

// OneRule returns a rule with the algorithm's key.
func OneRule(algorithm string) Rule {
	return Rule{
		App: "app", Key: token.NewKey(algorithm),
		Claims: token.Claims{Issuer: "https://issuer.example", User: "user-00000"},
	}
}

// New signs a token that the rule accepts, and that differs from all others.
func (r Rule) New() string { return r.Key.New(r.Claims) }

// Config returns the rule as the admin API takes it, for the builtin driver and ours alike.
func (r Rule) Config() map[string]any {
	config := map[string]any{
		"algorithm": r.Key.Algorithm, "iss": r.Claims.Issuer, "path": "sub", "claims_to_verify": []string{"exp"},
	}
	if r.Leeway > 0 {
		config["leeway"] = r.Leeway
	}
	if secret, ok := r.Key.Public.([]byte); ok {
		config["secret"] = string(secret)
	} else {
		config["rsa_public_key"] = r.Key.PEM
	}
	return config
}

// Users returns the rule's users as the admin API takes them, for JWT and API keys alike.
func (r Rule) Users() []map[string]any {
	return []map[string]any{{"pattern": map[string]any{"username": r.Claims.User, "apikey": r.Claims.User}}}
}

// Entry is a rule with all that the host hands to a driver when it loads an application.
type Entry struct {
	header string // where the token is
	app    *host.App
	config *application.BaseConfig
	users  []application.ITransformConfig
}

// Entries reads the rules' JSON as the host does; f names the types.
func Entries(f auth.IAuthFactory, rules []Rule) []Entry {
	entries := make([]Entry, len(rules))
	header := "Authorization"
	if slices.Contains(f.Alias(), apiKeyName) {
		header = "Apikey"
	}
	for i, r := range rules {
		entries[i] = Entry{
			header: header,
			app:    &host.App{AppID: r.App},
			config: host.BaseConfig(token.TB{}, f, text(r.Config())),
			users:  host.Users(token.TB{}, f, text(r.Users())),
		}
	}
	return entries
}

// Bind makes an authenticator of each entry and puts it in force. The result is those that the host asks then: the last of
// each ID.
func Bind(f auth.IAuthFactory, entries []Entry) []application.IAuth {
	at := make(map[string]int, len(entries))
	var asked []application.IAuth
	known := func(id string) application.IAuth {
		if i, ok := at[id]; ok {
			return asked[i]
		}
		return nil
	}
	for _, e := range entries {
		a := e.create(f, known)
		a.Set(e.app, e.users)
		if i, ok := at[a.ID()]; ok {
			asked[i] = a
			continue
		}
		at[a.ID()] = len(asked)
		asked = append(asked, a)
	}
	return asked
}

// BindRules is Bind of Entries.
func BindRules(f auth.IAuthFactory, rules []Rule) []application.IAuth {
	return Bind(f, Entries(f, rules))
}

// create does what the host does with an entry before it is set: it makes and checks the authenticator twice, once to
// try and once in earnest, and takes one that it knows already by its ID in place of the new one.
func (e Entry) create(f auth.IAuthFactory, known func(id string) application.IAuth) application.IAuth {
	var a application.IAuth
	for range 2 {
		var err error
		if a, err = f.Create(e.header, "header", e.config); err != nil {
			panic(err) // the rules are ours
		}
		if old := known(a.ID()); old != nil {
			a = old
		}
		if err = a.Check(e.app.Id(), e.users); err != nil {
			panic(err)
		}
	}
	return a
}

func text(v any) string {
	encoded, err := json.Marshal(v)
	if err != nil { // strings and lists can always be written
		panic(err)
	}
	return string(encoded)
}
