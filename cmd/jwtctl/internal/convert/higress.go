package convert

import (
	"fmt"
	"strings"
)

// readHigress reads the consumers of Higress's plugin jwt-auth: its configuration alone, or as a WasmPlugin.
func readHigress(n node, w *writer) {
	found := n.find(func(n node) bool {
		_, consumers := n.members["consumers"].([]any)
		return consumers
	})
	for _, plugin := range found {
		for _, consumer := range plugin.objects("consumers") {
			readHigressConsumer(consumer, w)
		}
		plugin.leave(whyRoutes, "global_auth", "_rules_", "allow")
		plugin.rest()
	}
	if spec, ok := n.members["spec"].(map[string]any); ok && spec["matchRules"] != nil {
		w.demand("spec.matchRules", "says who may use which routes: \"apps\" of the filter does, see docs/filter.md")
	}
}

// higressSkew is how far clocks may differ if a consumer does not say, in seconds.
const higressSkew = 60

// readHigressConsumer reads a consumer. Its users are all whom the issuer's tokens name.
func readHigressConsumer(p node, w *writer) {
	c := config{Iss: p.text("issuer"), Path: "sub", Leeway: higressSkew}
	name := p.text("name")
	if text := p.text("jwks"); text != "" {
		c.setKeys(w, p.at("jwks"), text)
	}
	if remote, ok := p.object("remote_jwks"); ok {
		c.readHigressAddress(remote)
		if n, ok := p.number("jwks_cache_duration"); ok {
			c.setRefresh(w, p.at("jwks_cache_duration"), n)
		}
	}
	p.pass("jwks_cache_duration", "jwks_fetch_timeout")
	if n, ok := p.number("clock_skew_seconds"); ok {
		c.setLeeway(w, p.at("clock_skew_seconds"), n)
	}
	if claims, ok := p.object("claims"); ok {
		for _, claim := range sortedNames(claims.members) {
			c.require(claim, claims.texts(claim))
		}
	}
	for _, claim := range p.objects("claims_to_headers") {
		w.leave(claim.path, "%s", toHeader(claim.text("claim"), claim.text("header")))
	}
	where := istioPlaces(p, w, "from_headers", "value_prefix", "from_params", "from_cookies")
	hide := !p.is("keep_token", true)
	p.rest()
	w.add(p.path, application{Name: name, Auth: where.entries(w, p.path, c, anyUser(hide))})
}

// readHigressAddress reads the address of a key set, in parts.
func (c *config) readHigressAddress(remote node) {
	scheme, port := "https", 443
	if n, ok := remote.number("service_port"); ok {
		port = n
	}
	if port == 80 {
		scheme = "http"
	}
	host := firstOf(remote.text("service_host"), remote.text("service_name"))
	if port != 443 && port != 80 {
		host = fmt.Sprintf("%s:%d", host, port)
	}
	c.Algorithm = keyPairAlgorithms
	c.setAddress(scheme + "://" + host + "/" + strings.TrimPrefix(remote.text("path"), "/"))
	remote.pass("service_name")
	remote.rest()
}
