package jwt

import (
	"net/url"
	"slices"
	"strings"

	"apinto-jwt/drivers/internal/resource"
	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/resourceuri"
)

// protected is the protected resource that a route is (RFC 9728).
type protected struct{ *resource.Metadata } // nil: none

// compileResource reads the resource and its metadata.
func compileResource(config *Config, f *configjson.FieldErrors) protected {
	m := &resource.Metadata{
		AuthorizationServers: config.AuthorizationServers, ScopesSupported: config.ScopesSupported, BearerMethods: []string{"header"},
		Name: config.ResourceName, Documentation: config.ResourceDocumentation, Policy: config.ResourcePolicyURI, TermsOfUse: config.ResourceTOSURI,
	}
	for i, server := range config.AuthorizationServers {
		if _, err := resource.ParseIssuer(server); err != nil {
			f.Add(item("authorization_servers", i), "%s", err)
		}
	}
	checkScopes("scopes_supported", config.ScopesSupported, f)
	for _, page := range [][2]string{
		{"resource_documentation", m.Documentation}, {"resource_policy_uri", m.Policy}, {"resource_tos_uri", m.TermsOfUse},
	} {
		if u, err := url.Parse(page[1]); page[1] != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			f.Add(page[0], `%q is not the URL of a page, as "https://example.com/docs"`, page[1])
		}
	}
	if config.Resource == "" {
		for _, field := range m.Described() {
			f.Add(field, "describes a resource, and there is none: give resource too")
		}
		return protected{}
	}
	u, err := resource.ParseURI(config.Resource)
	if err != nil {
		f.Add("resource", "%s", err)
		return protected{}
	}
	m.URI, m.Resource = u, u.String()
	return protected{m}
}

// audience returns what a token's "aud" must have one of: the resource, or what the configuration names beside it.
func (p protected) audience(configured []string) []string {
	if p.Metadata == nil {
		return configured
	}
	return slices.Concat(p.URI.Audiences(), configured)
}

// canonical returns the spelling by which the resource is compared with others; empty if there is none.
func (p protected) canonical() string {
	if p.Metadata == nil {
		return ""
	}
	return resourceuri.Canonical(p.Resource)
}

// challenge returns the parameter that tells the client where the metadata stands (RFC 9728 §5.1).
func (p protected) challenge() string {
	if p.Metadata == nil {
		return ""
	}
	return `, resource_metadata="` + strings.ReplaceAll(p.URI.Metadata(), `"`, "%22") + `"`
}
