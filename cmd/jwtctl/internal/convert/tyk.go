package convert

import (
	"encoding/base64"
	"strings"
)

// readTyk reads an API of Tyk, as an OAS definition with its extension or as a classic one.
func readTyk(n node, w *writer) {
	if extension, ok := n.members["x-tyk-api-gateway"].(map[string]any); ok {
		x := node{path: "x-tyk-api-gateway", members: extension, used: make(map[string]bool), w: w}
		info, _ := x.object("info")
		server, _ := x.object("server")
		authentication, _ := server.object("authentication")
		for _, scheme := range authentication.named("securitySchemes") {
			if scheme.has("source") || scheme.has("jwksURIs") || scheme.has("signingMethod") {
				readTykScheme(scheme, info.text("name"), authentication.is("stripAuthorizationData", false), w)
			}
		}
		return
	}
	if n.is("enable_jwt", false) {
		readTykClassic(n, w)
	}
}

// tykScheme has a scheme's fields under the names of OAS definitions, and the classic ones.
var tykScheme = map[bool]struct{ source, method, base, uris, subject string }{
	true:  {"source", "signingMethod", "identityBaseField", "jwksURIs", "subjectClaims"},
	false: {"jwt_source", "jwt_signing_method", "jwt_identity_base_field", "jwt_jwks_uris", ""},
}

// readTykScheme reads a scheme of an OAS definition.
func readTykScheme(s node, name string, hide bool, w *writer) {
	where := places{}
	for place, list := range map[string]*[]string{"header": &where.headers, "query": &where.queries, "cookie": &where.cookies} {
		if p, ok := s.object(place); ok && p.is("enabled", false) {
			*list = []string{firstOf(p.text("name"), "Authorization")}
		}
	}
	if len(where.headers)+len(where.queries)+len(where.cookies) == 0 {
		where.headers = []string{"Authorization"}
	}
	configs := tykKeys(s, true, w)
	audiences, skews := s.texts("allowedAudiences"), []string{"issuedAtValidationSkew", "notBeforeValidationSkew", "expiresAtValidationSkew"}
	subjects, issuers := s.texts("allowedSubjects"), s.texts("allowedIssuers")
	app := application{Name: firstOf(name, s.base())}
	for _, c := range configs {
		c.Audience = audiences
		c.require("sub", subjects)
		for _, skew := range skews {
			if n, ok := s.number(skew); ok && n > c.Leeway {
				c.setLeeway(w, s.at(skew), n)
			}
		}
		for _, one := range c.issuers(issuers) {
			app.Auth = append(app.Auth, where.entries(w, s.path, one, anyUser(hide))...)
		}
	}
	s.demand("is the rights of Tyk's policies: the filter has \"scopes\" and \"claims\", see docs/filter.md", "policyFieldName", "basePolicyClaims", "defaultPolicies", "scopes", "clientBaseField", "idpClientIdMappingDisabled")
	s.demand("demands that jti is there, and no more: required_claims {\"jti\": []} does that", "jtiValidation")
	s.demand("is required_claims here, see the README", "customClaimValidation")
	s.pass("enabled", "skipKid")
	s.rest()
	w.add(s.path, app)
}

// readTykClassic reads a classic definition.
func readTykClassic(n node, w *writer) {
	header := "Authorization"
	if auth, ok := n.object("auth"); ok {
		header = firstOf(auth.text("auth_header_name"), header)
	}
	app := application{Name: firstOf(n.text("name"), n.text("slug"), n.text("api_id"))}
	for _, c := range tykKeys(n, false, w) {
		for _, skew := range []string{"jwt_issued_at_validation_skew", "jwt_not_before_validation_skew", "jwt_expires_at_validation_skew"} {
			if n, ok := n.number(skew); ok && n > c.Leeway {
				c.setLeeway(w, skew, n)
			}
		}
		app.Auth = append(app.Auth, places{headers: []string{header}}.entries(w, "jwt_source", c, anyUser(n.is("strip_auth_data", false)))...)
	}
	n.demand("is the rights of Tyk's policies: the filter has \"scopes\" and \"claims\", see docs/filter.md", "jwt_policy_field_name", "jwt_default_policies", "jwt_scope_to_policy_mapping", "jwt_scope_claim_name", "jwt_client_base_field")
	w.add("jwt_source", app)
}

// tykKeys makes a rule for each source of keys: the text of a key in base64, or addresses of key sets.
func tykKeys(n node, oas bool, w *writer) []config {
	names := tykScheme[oas]
	path := n.text(names.base)
	if names.subject != "" && path == "" {
		if claims := n.texts(names.subject); len(claims) > 0 {
			path = claims[0]
		}
	}
	n.pass(names.subject)
	c := config{Path: firstOf(path, "sub")}
	method := firstOf(n.text(names.method), "hmac")
	var list []config
	for _, set := range n.objects(names.uris) {
		one := c
		one.Algorithm = tykAlgorithms(method)
		if method == "hmac" {
			one.Algorithm = keyPairAlgorithms
		}
		one.setAddress(set.text("url"))
		if t, ok := seconds(set.text("cacheTimeout")); ok && t > 0 {
			one.setRefresh(w, set.at("cacheTimeout"), t)
		}
		list = append(list, one)
	}
	source := n.text(names.source)
	if decoded, err := base64.StdEncoding.DecodeString(source); err == nil {
		source = string(decoded)
	}
	switch {
	case source == "":
	case strings.HasPrefix(source, "http://"), strings.HasPrefix(source, "https://"):
		c.Algorithm = tykAlgorithms(method)
		c.setAddress(source)
		list = append(list, c)
	case method == "hmac":
		w.leave(n.at(names.method), "is hmac, which is HS256, HS384 and HS512 there; a rule with a secret has one of them, HS256 is taken")
		c.Algorithm, c.Secret = "HS256", source
		list = append(list, c)
	default:
		c.Algorithm = map[string]string{"rsa": "RS256", "ecdsa": "ES256"}[method]
		w.leave(n.at(names.method), "is %s, which is a family there; a rule with a public key has one algorithm, %s is taken", method, c.Algorithm)
		c.RSAPublicKey = source
		list = append(list, c)
	}
	return list
}

// tykAlgorithms lists the algorithms of a family.
func tykAlgorithms(method string) string {
	switch method {
	case "rsa":
		return "RS256,RS384,RS512,PS256,PS384,PS512"
	case "ecdsa":
		return "ES256,ES384,ES512"
	}
	return secretAlgorithms
}
