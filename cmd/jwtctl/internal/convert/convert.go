// Package convert makes applications of other gateways' configuration of tokens, and says what of it has no place in one. It
// reads nothing by itself: it is given a text. Each source has a file.
package convert

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ghodss/yaml"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/rule"
)

// Result holds the calls that a configuration was converted to, and what is left of it.
type Result struct {
	Calls []Call `json:"calls"`
	// Left is what no call carries.
	Left []Left `json:"left"`
}

// Call is a call of the admin API.
type Call struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Name   string          `json:"-"` // Of what is made.
	Body   json.RawMessage `json:"body"`
}

// Left is a field that is not carried, or not with all its meaning.
type Left struct {
	Field string `json:"field"` // Its path in the source.
	Why   string `json:"why"`
	// Opens says that the source demands more of a token than what is made of it.
	Opens bool `json:"opens,omitempty"`
}

var (
	// ErrText is a text that is neither JSON nor YAML.
	ErrText = errors.New("is neither a JSON nor a YAML object")
	// ErrNothing is a configuration in which nothing of the source is found.
	ErrNothing = errors.New("has no configuration of tokens that is known")
)

// sources has the readers of configurations, by the source's name.
var sources = map[string]func(node, *writer){
	"kong": readKong, "apisix": readAPISIX, "envoy": readEnvoy, "istio": readIstio, "krakend": readKrakenD, "higress": readHigress,
	"tyk": readTyk, "apinto": readApinto,
}

// Sources lists the names of the sources.
func Sources() []string { return slices.Sorted(maps.Keys(sources)) }

// From converts a configuration of the source, which must be one of Sources. Errors: ErrText, ErrNothing. They show nothing of
// the text.
func From(source string, text []byte) (*Result, error) {
	documents, err := parse(text)
	if err != nil {
		return nil, err
	}
	w := &writer{names: make(map[string]bool)}
	for _, document := range documents {
		n := node{members: document, used: make(map[string]bool), w: w}
		sources[source](n, w)
	}
	if len(w.result.Calls) == 0 && len(w.result.Left) == 0 {
		return nil, ErrNothing
	}
	return &w.result, nil
}

// parse reads the objects of a text: JSON, or YAML of one or more documents.
func parse(text []byte) ([]map[string]any, error) {
	var list []map[string]any
	for _, part := range bytes.Split(append([]byte("\n"), text...), []byte("\n---")) {
		asJSON, err := yaml.YAMLToJSON(part)
		if err != nil {
			return nil, ErrText
		}
		if string(asJSON) == "null" {
			continue
		}
		var document map[string]any
		decoder := json.NewDecoder(bytes.NewReader(asJSON))
		decoder.UseNumber()
		if decoder.Decode(&document) != nil {
			return nil, ErrText
		}
		list = append(list, document)
	}
	if len(list) == 0 {
		return nil, ErrText
	}
	return list, nil
}

// writer collects what is made.
type writer struct {
	result Result
	names  map[string]bool // of applications
	any    []taken         // rules of applications that take every user
}

// taken is a rule whose tokens an application takes, whoever their user is.
type taken struct {
	app  string
	rule *rule.Rule
}

// leave notes what is not carried.
func (w *writer) leave(field, format string, args ...any) {
	w.note(Left{Field: field, Why: fmt.Sprintf(format, args...)})
}

// demand notes what the source demands of a token and no call does.
func (w *writer) demand(field, format string, args ...any) {
	w.note(Left{Field: field, Why: fmt.Sprintf(format, args...), Opens: true})
}

// note adds what is left, once.
func (w *writer) note(l Left) {
	if !slices.Contains(w.result.Left, l) {
		w.result.Left = append(w.result.Left, l)
	}
}

// application is an application of the admin API, made of one of the source's consumers, issuers or providers.
type application struct {
	Name   string            `json:"name"`
	Driver string            `json:"driver"`
	Labels map[string]string `json:"labels,omitempty"`
	Auth   []entry           `json:"auth"`
}

// entry is an entry of its "auth".
type entry struct {
	Type      string `json:"type"`
	Position  string `json:"position"`
	TokenName string `json:"token_name"`
	Config    config `json:"config"`
	Users     []user `json:"users"`
}

// config is a rule: the fields that sources have, in the order in which people read them.
type config struct {
	Algorithm         string          `json:"algorithm"`
	Secret            string          `json:"secret,omitempty"`
	SignatureIsBase64 bool            `json:"signature_is_base_64,omitempty"`
	RSAPublicKey      string          `json:"rsa_public_key,omitempty"`
	JWKS              json.RawMessage `json:"jwks,omitempty"`
	JWKSURI           string          `json:"jwks_uri,omitempty"`
	JWKSRefresh       int             `json:"jwks_refresh,omitempty"`
	JWKSAllowHTTP     bool            `json:"jwks_allow_http,omitempty"`
	Iss               string          `json:"iss,omitempty"`
	Audience          []string        `json:"audience,omitempty"`
	Path              string          `json:"path,omitempty"`
	// ClaimsToVerify is nil for absent: an empty list means something else.
	ClaimsToVerify *[]string      `json:"claims_to_verify,omitempty"`
	Leeway         int            `json:"leeway,omitempty"`
	MaxLifetime    int            `json:"max_lifetime,omitempty"`
	RequiredClaims map[string]any `json:"required_claims,omitempty"`
	CookieName     string         `json:"cookie_name,omitempty"`
}

// user is one of an entry's users.
type user struct {
	Pattern        pattern           `json:"pattern"`
	Labels         map[string]string `json:"labels,omitempty"`
	HideCredential bool              `json:"hide_credential,omitempty"`
}

type pattern struct {
	Username string `json:"username"`
}

// add makes the call that creates an application. An entry that the gateway would refuse is left out, with its faults. The field
// is what it was made of.
func (w *writer) add(field string, app application) {
	entries := app.Auth
	app.Auth = nil
	var own []*rule.Rule
	for _, e := range entries {
		e.Type = "jwt"
		r, err := e.compile()
		if err != nil {
			for _, fault := range configjson.Faults(err) {
				w.leave(field, "its entry is left out, as the gateway would refuse it: %s", fault)
			}
			continue
		}
		if e.takesAny() {
			if other := w.rival(r); other != "" {
				w.demand(field, "its entry is left out: every user of its tokens is one of %s already. What it demands beyond that is the filter's, on its routes", other)
				continue
			}
			own = append(own, r)
		}
		app.Auth = append(app.Auth, e)
	}
	if len(app.Auth) == 0 {
		return
	}
	app.Name, app.Driver = w.name(app.Name), "app"
	for _, r := range own {
		w.any = append(w.any, taken{app.Name, r})
	}
	w.result.Calls = append(w.result.Calls, Call{Method: "POST", Path: "/api/app", Name: app.Name, Body: asJSON(app)})
}

// compile compiles the entry as the gateway does when it is saved.
func (e entry) compile() (*rule.Rule, error) {
	var cfg rule.Config
	_ = json.Unmarshal(asJSON(e.Config), &cfg) // it was made here
	return rule.Compiler{}.Compile(e.TokenName, e.Position, &cfg, rule.Saved)
}

// takesAny reports whether the entry takes every user.
func (e entry) takesAny() bool {
	return slices.ContainsFunc(e.Users, func(u user) bool { return u.Pattern.Username == rule.AnyUser })
}

// rival returns the application that takes every user of tokens that the rule would take; empty if there is none. The gateway
// refuses a second one.
func (w *writer) rival(r *rule.Rule) string {
	for _, other := range w.any {
		if r.Overlaps(other.rule) && slices.ContainsFunc(r.Signers(), func(s string) bool { return slices.Contains(other.rule.Signers(), s) }) {
			return other.app
		}
	}
	return ""
}

// asJSON returns a value that was made here as JSON.
func asJSON(value any) json.RawMessage {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // strings, numbers, booleans, lists and JSON that was read
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// name returns a name for an application: in lower case, of letters, digits, dots and dashes, and no other's.
func (w *writer) name(wanted string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(wanted) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			b.WriteRune(c)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		name = "app"
	}
	free := name
	for i := 2; w.names[free]; i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	w.names[free] = true
	return free
}
