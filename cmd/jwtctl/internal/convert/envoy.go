package convert

import "strings"

// readEnvoy reads the providers of Envoy's filter jwt_authn, wherever in a configuration it stands.
func readEnvoy(n node, w *writer) {
	found := n.find(func(n node) bool {
		_, providers := n.members["providers"].(map[string]any)
		return providers
	})
	for _, filter := range found {
		filter.pass("@type", "stat_prefix")
		for _, provider := range filter.named("providers") {
			readEnvoyProvider(provider, w)
		}
		filter.leave(whyRoutes, "rules", "requirement_map", "filter_state_rules")
		filter.leave(whyByItself+`, unless "preflight" of the filter is "check"`, "bypass_cors_preflight")
		filter.leave(`is "detail" of the filter, see docs/filter.md`, "strip_failure_response")
		filter.rest()
	}
}

// envoySkew is how far clocks may differ if a provider does not say, in seconds; 0 means the same.
const envoySkew = 60

// readEnvoyProvider reads a provider. Its users are all whom the issuer's tokens name.
func readEnvoyProvider(p node, w *writer) {
	c := config{Iss: p.text("issuer"), Audience: p.texts("audiences"), Path: "sub"}
	c.readEnvoyKeys(p, w)
	skew, _ := p.number("clock_skew_seconds")
	if skew == 0 {
		skew = envoySkew
	}
	c.setLeeway(w, p.at("clock_skew_seconds"), skew)
	if p.is("require_expiration", false) {
		c.ClaimsToVerify = &[]string{"exp"}
	}
	if life, ok := seconds(p.text("max_lifetime")); ok && life > 0 {
		c.MaxLifetime = life
		w.leave(p.at("max_lifetime"), "bounds the time that is left there; it is carried as max_lifetime, which bounds exp from iat on and requires both")
	}
	where := envoyPlaces(p, w)
	p.leave(`is "forward_payload" of the filter, see docs/filter.md`, "forward_payload_header", "pad_forward_payload_header")
	for _, claim := range p.objects("claim_to_headers") {
		w.leave(claim.path, "%s", toHeader(claim.text("claim_name"), claim.text("header_name")))
	}
	p.leave("is a label here: claims_to_labels of the rule", "payload_in_metadata", "normalize_payload_in_metadata", "header_in_metadata", "failed_status_in_metadata")
	p.leave(whyByItself, "jwt_cache_config")
	if subjects, ok := p.object("subjects"); ok {
		if exact := subjects.text("exact"); exact != "" {
			c.require("sub", []string{exact})
		} else {
			w.demand(subjects.path, "is a pattern: a rule compares whole values, and this one takes every subject")
		}
	}
	p.leave(whyNothing, "clear_route_cache")
	hide := !p.is("forward", false)
	p.rest()
	w.add(p.path, application{Name: p.base(), Auth: where.entries(w, p.path, c, anyUser(hide))})
}

// envoyPlaces reads where a token may stand. What is set takes the place of both defaults.
func envoyPlaces(p node, w *writer) places {
	var where places
	for _, header := range p.objects("from_headers") {
		where.headers = append(where.headers, header.text("name"))
		leavePrefix(w, header.at("value_prefix"), header.text("value_prefix"))
	}
	where.queries, where.cookies = p.texts("from_params"), p.texts("from_cookies")
	if len(where.headers)+len(where.queries)+len(where.cookies) == 0 {
		return places{headers: []string{"Authorization"}, queries: []string{"access_token"}}
	}
	return where
}

// readEnvoyKeys reads a provider's key set.
func (c *config) readEnvoyKeys(p node, w *writer) {
	if remote, ok := p.object("remote_jwks"); ok {
		c.Algorithm = keyPairAlgorithms
		if uri, ok := remote.object("http_uri"); ok {
			c.setAddress(uri.text("uri"))
			uri.pass("cluster", "timeout")
			uri.rest()
		}
		if n, ok := seconds(remote.text("cache_duration")); ok && n > 0 {
			c.setRefresh(w, remote.at("cache_duration"), n)
		}
		remote.leave(whyByItself, "async_fetch", "retry_policy")
		remote.rest()
	}
	if local, ok := p.object("local_jwks"); ok {
		local.leave("is the name of a file, which the gateway does not read: give its content", "filename", "environment_variable")
		if text := local.text("inline_string"); text != "" {
			c.setKeys(w, local.at("inline_string"), text)
		}
		local.rest()
	}
}

// setAddress sets the address of a key set. One without TLS is allowed, as it was.
func (c *config) setAddress(uri string) {
	c.JWKSURI, c.JWKSAllowHTTP = uri, strings.HasPrefix(uri, "http:")
}
