package convert

import (
	"fmt"
	"slices"
	"strings"
)

// readAPISIX reads consumers and routes of APISIX, as its admin API and its standalone file have them.
func readAPISIX(n node, w *writer) {
	routes := slices.Concat(n.objects("routes"), n.objects("services"), n.objects("global_rules"), n.objects("plugin_configs"))
	conf := apisixDefaults()
	first := ""
	for _, route := range routes {
		plugins, ok := route.object("plugins")
		if !ok {
			continue
		}
		if p, ok := plugins.object("jwt-auth"); ok {
			read := readAPISIXRoute(p, w)
			if first != "" && fmt.Sprint(read) != fmt.Sprint(conf) {
				w.leave(p.path, "differs from %s: a rule holds for all routes, so the first one counts", first)
				continue
			}
			conf, first = read, p.path
		}
		if p, ok := plugins.object("openid-connect"); ok {
			readAPISIXIssuer(p, route, w)
		}
	}
	for _, consumer := range n.objects("consumers") {
		readAPISIXConsumer(consumer, conf, w)
	}
	n.leave("says nothing of tokens", "upstreams", "ssls", "stream_routes", "plugin_metadata", "consumer_groups", "secrets", "protos")
	n.rest()
}

// apisixRoute holds the settings of a route's plugin "jwt-auth".
type apisixRoute struct {
	places places
	claim  string
	hide   bool
	verify []string
}

// apisixDefaults are the defaults of the plugin.
func apisixDefaults() apisixRoute {
	return apisixRoute{places: places{headers: []string{"Authorization"}, queries: []string{"jwt"}, cookies: []string{"jwt"}}, claim: "key"}
}

// readAPISIXRoute reads a route's plugin.
func readAPISIXRoute(p node, w *writer) apisixRoute {
	r := apisixDefaults()
	set := func(name string, list *[]string) {
		if p.has(name) {
			*list = p.texts(name)
		}
	}
	set("header", &r.places.headers)
	set("query", &r.places.queries)
	set("cookie", &r.places.cookies)
	if p.has("key_claim_name") {
		r.claim = p.text("key_claim_name")
	}
	r.hide = p.is("hide_credentials", false)
	r.verify = p.texts("claims_to_verify")
	p.leave("is the filter's \"required\": false, with an anonymous application, see docs/filter.md", "anonymous_consumer")
	p.leave("is \"realm\" of the filter, see docs/filter.md", "realm")
	p.leave(whyNothing, "store_in_ctx")
	p.pass("_meta", "disable")
	p.rest()
	if r.claim == "" {
		w.leave(p.at("key_claim_name"), "is empty")
	}
	return r
}

// readAPISIXConsumer reads a consumer. Its key is what the claim says, its user is that name.
func readAPISIXConsumer(n node, route apisixRoute, w *writer) {
	name := n.text("username")
	n.pass("desc", "id", "create_time", "update_time", "labels", "group_id")
	plugins, ok := n.object("plugins")
	if !ok {
		return
	}
	p, ok := plugins.object("jwt-auth")
	if !ok {
		return
	}
	key := p.text("key")
	c := config{Algorithm: "HS256", Path: route.claim}
	if p.has("algorithm") {
		c.Algorithm = p.text("algorithm")
	}
	if strings.HasPrefix(c.Algorithm, "HS") {
		c.Secret, c.SignatureIsBase64 = p.text("secret"), p.is("base64_secret", false)
		p.pass("public_key")
	} else {
		c.RSAPublicKey = p.text("public_key")
		p.pass("secret", "base64_secret")
	}
	if n, ok := p.number("lifetime_grace_period"); ok {
		c.setLeeway(w, p.at("lifetime_grace_period"), n)
	}
	if len(route.verify) > 0 {
		c.ClaimsToVerify = &route.verify
	}
	p.leave("is for the signing endpoint, which APISIX has given up; \"issue\" makes tokens here, see docs/issuing.md", "exp", "private_key")
	p.leave("has no place here: write the secret itself", "vault")
	p.pass("_meta")
	p.rest()
	if strings.HasPrefix(c.Secret+c.RSAPublicKey, "$secret://") || strings.HasPrefix(c.Secret+c.RSAPublicKey, "$env://") {
		w.leave(p.path, "its key is a reference, which the gateway does not follow: write the key itself")
		return
	}
	w.add(n.path, application{Name: name, Auth: route.places.entries(w, n.path, c, user{Pattern: pattern{key}, HideCredential: route.hide})})
}

// readAPISIXIssuer reads a plugin "openid-connect" that takes tokens of clients.
func readAPISIXIssuer(p, route node, w *writer) {
	if !p.is("bearer_only", false) {
		w.leave(p.path, "logs users in with redirects: the gateway takes the tokens of clients, see docs/providers.md")
		return
	}
	c := config{Algorithm: keyPairAlgorithms, JWKSURI: p.text("discovery")}
	if alg := p.text("token_signing_alg_values_expected"); alg != "" {
		c.Algorithm = alg
	}
	if key := p.text("public_key"); key != "" {
		c.RSAPublicKey, c.JWKSURI, c.Path = key, "", "sub"
		if c.Algorithm == keyPairAlgorithms {
			c.Algorithm = "RS256"
		}
	} else if !p.is("use_jwks", false) {
		w.leave(p.at("use_jwks"), "is off, so that each token is asked about at the issuer; here its keys are fetched, and an opaque token is not accepted")
	}
	var issuers []string
	client := p.text("client_id")
	if validator, ok := p.object("claim_validator"); ok {
		if issuer, ok := validator.object("issuer"); ok {
			issuers = issuer.texts("valid_issuers")
		}
		if audience, ok := validator.object("audience"); ok && audience.is("match_with_client_id", false) {
			c.Audience = []string{client}
		}
	}
	if n, ok := p.number("jwk_expires_in"); ok {
		c.setRefresh(w, p.at("jwk_expires_in"), n)
	}
	if len(issuers) == 0 {
		if issuer, ok := strings.CutSuffix(c.JWKSURI, "/.well-known/openid-configuration"); ok {
			issuers = []string{issuer}
		}
	}
	p.demand("is \"scopes\" of the filter, see docs/filter.md", "required_scopes")
	p.demand("is required_claims here, or \"claims\" of the filter", "claim_schema")
	p.leave("is \"claims_to_headers\" or \"forward_payload\" of the filter, see docs/filter.md", "set_userinfo_header", "set_access_token_header", "set_id_token_header", "access_token_in_authorization_header")
	p.leave("a client's secret is not needed to check its tokens", "client_secret")
	p.pass("bearer_only", "ssl_verify", "timeout", "_meta", "scope", "session", "introspection_endpoint_auth_method", "accept_none_alg", "accept_unsupported_alg")
	p.leave("is \"realm\" of the filter, see docs/filter.md", "realm")
	p.leave("has the leeway of iat there; set \"leeway\" if clocks differ", "iat_slack")
	p.rest()
	app := application{Name: routeName(route)}
	for _, one := range c.issuers(issuers) {
		app.Auth = append(app.Auth, places{headers: []string{"Authorization"}}.entries(w, p.path, one, anyUser(false))...)
	}
	w.add(p.path, app)
}

// routeName names a route.
func routeName(route node) string {
	for _, name := range []string{"name", "id", "uri"} {
		if text := route.text(name); text != "" {
			return text
		}
	}
	return "issuer"
}
