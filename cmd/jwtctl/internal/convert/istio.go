package convert

// readIstio reads resources of the kind RequestAuthentication.
func readIstio(n node, w *writer) {
	kind := n.text("kind")
	if kind == "List" {
		for _, item := range n.objects("items") {
			readIstio(item, w)
		}
		return
	}
	metadata, _ := n.object("metadata")
	name := metadata.text("name")
	switch kind {
	case "RequestAuthentication":
	case "AuthorizationPolicy":
		w.demand(firstOf(name, "AuthorizationPolicy"), "is an AuthorizationPolicy: what a route demands is the filter's, see docs/filter.md")
		return
	default:
		return
	}
	spec, ok := n.object("spec")
	if !ok {
		return
	}
	spec.leave(whyRoutes, "selector", "targetRef", "targetRefs")
	w.leave(spec.path, `lets requests without a token pass, unless a policy refuses them; app and the filter refuse them, unless "required" of the filter is false`)
	for _, rule := range spec.objects("jwtRules") {
		readIstioRule(rule, name, w)
	}
	spec.rest()
}

// istioSkew is how far clocks may differ, in seconds. It cannot be set there.
const istioSkew = 60

// readIstioRule reads a rule. Its users are all whom the issuer's tokens name.
func readIstioRule(p node, name string, w *writer) {
	c := config{Iss: p.text("issuer"), Audience: p.texts("audiences"), Path: "sub", Leeway: istioSkew}
	inline := p.text("jwks")
	p.pass("jwksUri", "jwks_uri")
	switch {
	case inline != "":
		c.setKeys(w, p.at("jwks"), inline)
	default:
		c.Algorithm = keyPairAlgorithms
		c.setAddress(firstOf(p.text("jwksUri"), p.text("jwks_uri"), c.Iss+"/.well-known/openid-configuration"))
	}
	where := istioPlaces(p, w, "fromHeaders", "prefix", "fromParams", "fromCookies")
	p.leave(`is "forward_payload" of the filter, see docs/filter.md`, "outputPayloadToHeader")
	for _, claim := range p.objects("outputClaimToHeaders") {
		w.leave(claim.path, "%s", toHeader(claim.text("claim"), claim.text("header")))
	}
	p.leave("is a label here: claims_to_labels of the rule", "spaceDelimitedClaims")
	p.leave(whyByItself, "timeout")
	hide := !p.is("forwardOriginalToken", false)
	p.rest()
	w.add(p.path, application{Name: firstOf(name, "istio"), Auth: where.entries(w, p.path, c, anyUser(hide))})
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
