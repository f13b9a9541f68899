package jwttoken

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/loopback"
	"apinto-jwt/internal/resourceuri"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// metadataPath is where the metadata of an issuer without a path stands; the path of another follows it (RFC 8414 §3.1).
const metadataPath = "/.well-known/oauth-authorization-server"

// The ways in which clients authenticate (RFC 8414 §2). With "none" a client names itself; the user's password counts.
const (
	authKey    = "private_key_jwt"
	authBasic  = "client_secret_basic"
	authNone   = "none"
	authBearer = "Bearer"
)

// metadata describes the token service (RFC 8414 §2). An empty member is left out, but for response_types_supported: that is
// required, though without an authorization endpoint there is none to list, and clients refuse a document without it.
type metadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint,omitempty"`
	TokenEndpoint         string   `json:"token_endpoint"`
	JWKSURI               string   `json:"jwks_uri,omitempty"`
	Scopes                []string `json:"scopes_supported,omitempty"`
	ResponseTypes         []string `json:"response_types_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenAuth             []string `json:"token_endpoint_auth_methods_supported"`
	TokenAuthAlgorithms   []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	CodeChallenges        []string `json:"code_challenge_methods_supported"` // RFC 7636
	Documentation         string   `json:"service_documentation,omitempty"`
	Revocation            string   `json:"revocation_endpoint,omitempty"`
	RevocationAuth        []string `json:"revocation_endpoint_auth_methods_supported,omitempty"`
	RevocationAlgorithms  []string `json:"revocation_endpoint_auth_signing_alg_values_supported,omitempty"`
	Introspection         string   `json:"introspection_endpoint,omitempty"`
	IntrospectionAuth     []string `json:"introspection_endpoint_auth_methods_supported,omitempty"`
	IntrospectAlgorithms  []string `json:"introspection_endpoint_auth_signing_alg_values_supported,omitempty"`
	Resources             []string `json:"protected_resources,omitempty"` // RFC 9728 §4
}

// description is a document with the path where it stands.
type description struct {
	path string
	text []byte
}

// newDescription returns the metadata of a configuration that has been checked.
func newDescription(c *Config) description {
	algorithms := assertionAlgorithms()
	m := metadata{
		Issuer: c.Issuer, AuthorizationEndpoint: c.AuthorizationEndpoint, TokenEndpoint: c.TokenEndpoint, JWKSURI: c.JWKSURI,
		Scopes: c.ScopesSupported, ResponseTypes: []string{}, GrantTypes: []string{"client_credentials", "refresh_token", "password"},
		TokenAuth: []string{authKey, authBasic, authNone}, TokenAuthAlgorithms: algorithms,
		CodeChallenges: []string{"S256"}, // there is no code to be challenged; clients of MCP refuse a document without
		Documentation:  c.ServiceDocumentation, Resources: c.ProtectedResources,
	}
	if c.RevocationEndpoint != "" {
		m.Revocation, m.RevocationAuth, m.RevocationAlgorithms = c.RevocationEndpoint, m.TokenAuth, algorithms
	}
	if c.IntrospectionEndpoint != "" {
		m.Introspection, m.IntrospectionAuth = c.IntrospectionEndpoint, []string{authKey, authBasic, authBearer}
		m.IntrospectAlgorithms = algorithms
	}
	text, err := json.Marshal(m)
	if err != nil { // strings can always be written
		panic(err)
	}
	issuer, _ := url.Parse(c.Issuer)
	return description{path: metadataPath + strings.TrimSuffix(issuer.Path, "/"), text: text}
}

// assertionAlgorithms are those by which clients may sign assertions: of each client, those that its keys are configured for.
func assertionAlgorithms() (names []string) {
	for _, a := range keys.KeyPairAlgorithms() {
		names = append(names, string(a))
	}
	return names
}

// metadata publishes the description of the token service, at its path alone.
func (s *service) metadata(ctx http_service.IHttpContext) answer {
	switch request := ctx.Request(); {
	case request.URI().Path() != s.description.path:
		return failed(http.StatusNotFound, "not_found", "there is no such issuer here").crossOrigin()
	case request.Method() == http.MethodOptions:
		return preflight()
	}
	return published(s.description.text)
}

// checkMetadata notes the faults of the fields that describe the token service. Of these, endpoints that clients authenticate
// at have token_endpoint too.
func (c *Config) checkMetadata(f *configjson.FieldErrors) {
	fields := map[string]string{
		"issuer": c.Issuer, "authorization_endpoint": c.AuthorizationEndpoint, "token_endpoint": c.TokenEndpoint,
		"revocation_endpoint": c.RevocationEndpoint, "introspection_endpoint": c.IntrospectionEndpoint, "jwks_uri": c.JWKSURI,
		"service_documentation": c.ServiceDocumentation,
	}
	isMetadata := c.Endpoint == "metadata"
	for field, text := range fields {
		authenticates := field == "token_endpoint" && slices.Contains([]string{"token", "revoke", "introspect"}, c.Endpoint)
		switch required := field == "issuer" || field == "token_endpoint"; {
		case f.Has(field):
		case text != "" && !isMetadata && !authenticates:
			f.Add(field, "belongs to the endpoint metadata")
		case text == "" && isMetadata && required:
			f.Add(field, "is missing: the metadata must have it (RFC 8414 §2), as https://gateway.example")
		case text != "":
			checkPublicURL(field, text, field == "issuer", f)
		}
	}
	lists := map[string][]string{"scopes_supported": c.ScopesSupported, "protected_resources": c.ProtectedResources}
	for field, list := range lists {
		if len(list) > 0 && !isMetadata {
			f.Add(field, "belongs to the endpoint metadata")
		}
	}
	for i, scope := range c.ScopesSupported {
		if !token.IsScope(scope) {
			f.Add(fmt.Sprintf("scopes_supported[%d]", i), "%q is not one scope (RFC 6749 §3.3), as read", scope)
		}
	}
	for i, resource := range c.ProtectedResources {
		if err := resourceuri.Check(resource); err != nil {
			f.Add(fmt.Sprintf("protected_resources[%d]", i), "%q %s", resource, err)
		}
	}
}

// checkPublicURL notes what is wrong with a URL that clients are told. An issuer has no query either (RFC 8414 §2).
func checkPublicURL(field, text string, issuer bool, f *configjson.FieldErrors) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || resourceuri.Check(text) != nil && !strings.Contains(text, "#"):
		f.Add(field, "is not a URL, as https://gateway.example/oauth/token")
	case u.User != nil:
		f.Add(field, "must not have a user or a password")
	case u.Scheme == "http" && !loopback.Host(u.Hostname()):
		f.Add(field, "%q must be https: clients would send their secrets in clear", text)
	case strings.Contains(text, "#"):
		f.Add(field, "%q must not have a fragment (#)", text)
	case issuer && strings.Contains(text, "?"):
		f.Add(field, "%q must not have a query (?)", text)
	}
}
