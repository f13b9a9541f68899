package convert

import (
	"fmt"
	"strings"
)

// readKong reads a declarative configuration of Kong: consumers with jwt_secrets, and the plugins "jwt" at any place. A
// credential is found by what the claim key_claim_name says, its user is that name.
func readKong(n node, w *writer) {
	n.pass("_format_version", "_transform", "_info", "_comment", "certificates", "upstreams")
	plugins := kongPlugins(n)
	var conf kongPlugin
	for i, p := range plugins {
		read := readKongPlugin(p, w)
		if i == 0 {
			conf = read
		} else if conf.signature() != read.signature() {
			w.leave(p.path, "differs from %s: a rule holds for all routes, so the first one counts", plugins[0].path)
		}
	}
	if len(plugins) == 0 {
		conf = kongDefaults()
	}
	credentials := n.objects("jwt_secrets")
	for _, consumer := range n.objects("consumers") {
		readKongConsumer(consumer, conf, credentials, w)
	}
	n.leave("says nothing of tokens", "services", "routes")
	n.rest()
}

// kongPlugin is a plugin "jwt" as far as rules have it.
type kongPlugin struct {
	places places
	claim  string // That names the credential.
	base64 bool
	verify []string // Nil: neither exp nor nbf is looked at.
	life   int
}

// signature is equal for plugins that make equal rules.
func (k kongPlugin) signature() string { return fmt.Sprint(k) }

// kongDefaults are the defaults of the plugin.
func kongDefaults() kongPlugin {
	return kongPlugin{places: places{headers: []string{"Authorization"}, queries: []string{"jwt"}}, claim: "iss"}
}

// kongPlugins finds the plugins "jwt": of the whole, of services, of their routes, of routes.
func kongPlugins(n node) []node {
	var list []node
	take := func(within node) {
		for _, p := range within.objects("plugins") {
			if p.text("name") == "jwt" && p.is("enabled", true) {
				list = append(list, p)
			}
		}
	}
	take(n)
	for _, name := range []string{"services", "routes"} {
		for _, outer := range n.objects(name) {
			take(outer)
			for _, inner := range outer.objects("routes") {
				take(inner)
			}
		}
	}
	return list
}

// readKongPlugin reads a plugin.
func readKongPlugin(p node, w *writer) kongPlugin {
	k := kongDefaults()
	p.pass("name", "enabled", "id", "protocols", "tags", "instance_name")
	p.leave(whyRoutes, "service", "route", "consumer")
	c, ok := p.object("config")
	if !ok {
		return k
	}
	if c.has("header_names") {
		k.places.headers = c.texts("header_names")
	}
	if c.has("uri_param_names") {
		k.places.queries = c.texts("uri_param_names")
	}
	k.places.cookies = c.texts("cookie_names")
	if c.has("key_claim_name") {
		k.claim = c.text("key_claim_name")
	}
	if k.claim != "iss" {
		w.leave(c.at("key_claim_name"), "is looked for in the payload; Kong takes it from the token's header too, where no rule looks")
	}
	k.base64 = c.is("secret_is_base64", false)
	if c.has("claims_to_verify") {
		k.verify = c.texts("claims_to_verify")
	}
	if len(k.verify) == 0 {
		w.leave(c.at("claims_to_verify"), "is empty, so that expired tokens are accepted there; it is carried as [], which means the same: better leave it out")
	}
	if n, ok := c.number("maximum_expiration"); ok && n > 0 {
		k.life = n
		w.leave(c.at("maximum_expiration"), "bounds exp from now on there; it is carried as max_lifetime, which bounds exp from iat on and requires both")
	}
	if c.text("anonymous") != "" {
		w.leave(c.at("anonymous"), "is the filter's \"required\": false, with an anonymous application, see docs/filter.md")
	}
	if c.is("run_on_preflight", true) {
		w.leave(c.at("run_on_preflight"), "is true there by default; the filter lets preflight requests pass unless \"preflight\" is \"check\"")
	}
	c.leave("is \"realm\" of the filter, see docs/filter.md", "realm")
	c.rest()
	p.rest()
	return k
}

// readKongConsumer reads a consumer with its credentials, which stand in it or refer to it.
func readKongConsumer(n node, conf kongPlugin, others []node, w *writer) {
	name := n.text("username")
	if name == "" {
		name = n.text("custom_id")
	}
	n.pass("id", "custom_id", "username")
	app := application{Name: name}
	credentials := n.objects("jwt_secrets")
	for _, other := range others {
		if other.text("consumer") == name {
			credentials = append(credentials, other)
		}
	}
	for _, credential := range credentials {
		app.Auth = append(app.Auth, kongEntries(credential, conf, w)...)
	}
	n.demand(`says which routes the consumer may use: "apps" of the filter does, see docs/filter.md`, "acls", "groups")
	n.leave("is for other plugins of Kong", "keyauth_credentials", "basicauth_credentials", "hmacauth_credentials", "oauth2_credentials", "plugins", "tags")
	n.rest()
	w.add(n.path, app)
}

// kongEntries makes the entries of a credential.
func kongEntries(n node, conf kongPlugin, w *writer) []entry {
	n.pass("consumer", "id", "tags")
	key := n.text("key")
	if key == "" {
		w.leave(n.at("key"), "is missing: Kong has made one, which an export shows")
		return nil
	}
	c := config{Algorithm: "HS256", MaxLifetime: conf.life}
	if n.has("algorithm") {
		c.Algorithm = n.text("algorithm")
	}
	if strings.HasPrefix(c.Algorithm, "HS") {
		c.Secret, c.SignatureIsBase64 = n.text("secret"), conf.base64
		n.pass("rsa_public_key")
	} else {
		c.RSAPublicKey = n.text("rsa_public_key")
		n.pass("secret")
	}
	verify := append([]string{}, conf.verify...)
	c.ClaimsToVerify = &verify
	if conf.claim == "iss" {
		c.Iss = key
	} else {
		c.Path = conf.claim
	}
	n.rest()
	return conf.places.entries(w, n.path, c, user{Pattern: pattern{key}})
}
