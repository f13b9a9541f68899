package jwt

import (
	"maps"
	"slices"
	"strings"

	"apinto-jwt/internal/appid"
	"apinto-jwt/internal/configjson"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// compile turns a configuration into a policy, once. The error wraps ErrConfig and lists every fault with its field.
func compile(config *Config) (*policy, error) {
	if len(config.decoded.text) == 0 && config.decoded.fieldErrors == nil {
		filled := defaults() // the host's zero value: "config" is missing
		config = &filled
	}
	f := slices.Clone(config.decoded.fieldErrors)
	p := &policy{
		required:      config.Required,
		apps:          compileApps(config.Apps, &f),
		scopes:        compileScopes(config, &f),
		login:         compileLogin(config, &f),
		resource:      compileResource(config, &f),
		upstream:      compileUpstream(config, &f),
		mcp:           compileMCP(config, &f),
		observe:       choice("mode", config.Mode, "enforce", "observe", &f),
		skipPreflight: !choice("preflight", config.Preflight, "skip", "check", &f),
		answers:       compileAnswers(config, &f),
	}
	p.claims = token.Expected{
		// The driver has looked at the time already, by the rule of the application.
		Exp: token.Ignore, Nbf: token.Ignore, FutureIssue: true,
		Audience: p.resource.audience(compileTexts("audience", config.Audience, &f)),
		Resource: p.resource.canonical(),
		Claims:   compileClaims(config, &f, &p.objections),
	}
	compileUpstreamToken(config, p, &f)
	p.answers.scope = strings.Join(config.Scopes, " ")
	p.answers.describe(p)
	if err := f.Err(ErrConfig); err != nil {
		return nil, err
	}
	return p, nil
}

// choice reads a field that has two values, of which the first is the default, and reports whether it is the other.
func choice(field, value, usual, other string, f *configjson.FieldErrors) bool {
	if value != usual && value != other && value != "" {
		f.Add(field, "%q is not one of %s, %s", value, usual, other)
	}
	return value == other
}

// compileApps reads the allowed applications into a set of their IDs; nil is all of them. An empty list is a fault: it
// reads as if no application were allowed.
func compileApps(list []string, f *configjson.FieldErrors) map[string]bool {
	if list == nil {
		return nil
	}
	if len(list) == 0 {
		f.Add("apps", "is an empty list: leave the field out to allow all applications, or name those that are allowed")
	}
	apps := make(map[string]bool, len(list))
	for i, name := range list {
		id := appid.Of(strings.TrimSpace(name))
		if !appid.Valid(id) {
			f.Add(item("apps", i), `%q is not the ID or name of an application, as "shop@app" or "shop"`, name)
		}
		apps[id] = true
	}
	return apps
}

// compileTexts reads a list of texts, none of them empty.
func compileTexts(field string, list []string, f *configjson.FieldErrors) []string {
	for i, text := range list {
		if text == "" {
			f.Add(item(field, i), "is empty")
		}
	}
	return list
}

// compileClaims reads what claims must be, in the order of their paths.
func compileClaims(config *Config, f, objections *configjson.FieldErrors) []token.ExpectedClaim {
	list := make([]token.ExpectedClaim, 0, len(config.Claims))
	for _, source := range slices.Sorted(maps.Keys(config.Claims)) {
		list = append(list, rule.Expect(compilePath("claims", source, f), config.Claims[source]))
		for _, value := range config.Claims[source] {
			if err := value.Exact(); err != nil {
				objections.Add(member("claims", source), "%s", err)
			}
		}
	}
	return list
}

// compilePath reads a path in the payload.
func compilePath(field, source string, f *configjson.FieldErrors) token.Path {
	path, err := token.ParsePath(source)
	if err != nil {
		f.Add(member(field, source), "%s", err)
	}
	return path
}

// compileUpstream reads which headers the upstream gets.
func compileUpstream(config *Config, f *configjson.FieldErrors) upstream {
	var u upstream
	for _, source := range slices.Sorted(maps.Keys(config.ClaimsToHeaders)) {
		path := compilePath("claims_to_headers", source, f)
		u.own(member("claims_to_headers", source), config.ClaimsToHeaders[source], path, f)
	}
	if config.ForwardPayload != "" {
		u.own("forward_payload", config.ForwardPayload, token.Path{}, f)
	}
	return u
}

// compileAnswers reads how refused requests are answered.
func compileAnswers(config *Config, f *configjson.FieldErrors) answers {
	if strings.ContainsFunc(config.Realm, func(c rune) bool { return c < ' ' || c >= 0x7f }) {
		f.Add("realm", "%q has characters other than printable ASCII", config.Realm)
	}
	realm := config.Realm
	if realm == "" {
		realm = defaults().Realm
	}
	return answers{
		realm:  realm,
		text:   choice("body", config.Body, "json", "text", f),
		hidden: choice("detail", config.Detail, "public", "hidden", f),
	}
}
