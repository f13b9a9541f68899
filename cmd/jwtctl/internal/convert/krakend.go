package convert

import (
	"encoding/json"
	"net/url"
)

// readKrakenD reads the validators of KrakenD's endpoints. Equal ones are one application.
func readKrakenD(n node, w *writer) {
	seen := make(map[string]string)
	for _, endpoint := range n.objects("endpoints") {
		extra, ok := endpoint.object("extra_config")
		if !ok {
			continue
		}
		v, ok := extra.object("auth/validator")
		if !ok {
			v, ok = extra.object("github.com/devopsfaith/krakend-jose/validator")
		}
		if !ok {
			continue
		}
		text, _ := json.Marshal(v.members) // it was JSON
		if first, known := seen[string(text)]; known {
			w.leave(v.path, "is that of %s: one application is for both", first)
			continue
		}
		seen[string(text)] = v.path
		readValidator(v, endpoint.text("endpoint"), w)
	}
	if extra, ok := n.object("extra_config"); ok {
		extra.leave("is for all validators there; each rule has its own jwks_refresh", "auth/validator")
	}
}

// readValidator reads a validator. Its users are all whom the tokens name.
func readValidator(v node, endpoint string, w *writer) {
	c := config{Algorithm: firstOf(v.text("alg"), "RS256"), Iss: v.text("issuer"), Audience: v.texts("audience"), Path: "sub", Leeway: 1}
	c.setAddress(v.text("jwk_url"))
	if len(c.Audience) > 1 {
		w.demand(v.at("audience"), "must be there as a whole; of a rule's audience one must be there")
	}
	if text := v.text("leeway"); text != "" {
		if n, ok := seconds(text); ok {
			c.setLeeway(w, v.at("leeway"), n)
		} else {
			w.leave(v.at("leeway"), "is no duration")
		}
	}
	if n, ok := v.number("cache_duration"); ok && v.is("cache", false) {
		c.setRefresh(w, v.at("cache_duration"), n)
	}
	v.pass("alg", "cache", "cache_duration", "disable_jwk_security", "operation_debug", "key_identify_strategy")
	if roles := v.texts("roles"); len(roles) > 0 {
		c.require(firstOf(v.text("roles_key"), "roles"), roles)
	}
	v.pass("roles_key", "roles_key_is_nested")
	v.demand("is \"scopes\" of the filter, which demands all of them, or \"claims\", of which one will do, see docs/filter.md", "scopes")
	v.pass("scopes_key", "scopes_matcher")
	if pairs, ok := v.members["propagate_claims"].([]any); ok {
		v.pass("propagate_claims")
		for _, pair := range pairs {
			if both, ok := pair.([]any); ok && len(both) == 2 {
				claim, _ := both[0].(string)
				header, _ := both[1].(string)
				w.leave(v.at("propagate_claims"), "%s", toHeader(claim, header))
			}
		}
	}
	v.pass("propagate_claims_preserve_array")
	v.leave("is a file of that gateway: give its content as jwks", "jwk_local_path", "jwk_local_ca")
	v.leave("has no place: the certificate of the address is checked as the system or jwks_ca says", "jwk_fingerprints", "cipher_suites")
	v.leave("has no place: the key set is fetched in clear from its address", "secret_url", "cypher_key")
	where := places{headers: []string{firstOf(v.text("auth_header_name"), "Authorization")}}
	if cookie := v.text("cookie_key"); cookie != "" {
		where.cookies = []string{cookie}
	}
	v.rest()
	w.add(v.path, application{Name: hostName(c.JWKSURI, endpoint), Auth: where.entries(w, v.path, c, anyUser(false))})
}

// hostName names an application after the host of its key set, or else after what it is for.
func hostName(uri, otherwise string) string {
	if u, err := url.Parse(uri); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return otherwise
}
