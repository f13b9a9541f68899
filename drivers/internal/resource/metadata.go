// Package resource has the protected resources of a process (RFC 9728): what filters say of them, and the documents from
// which clients learn where to get tokens.
package resource

import "encoding/json"

// Metadata is what a client is told about a resource (RFC 9728 §2). Members without a value are left out.
type Metadata struct {
	URI                  URI      `json:"-"`
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers,omitempty"`
	ScopesSupported      []string `json:"scopes_supported,omitempty"`
	// BearerMethods are the places where a token is taken from.
	BearerMethods []string `json:"bearer_methods_supported,omitempty"`
	Name          string   `json:"resource_name,omitempty"`
	Documentation string   `json:"resource_documentation,omitempty"`
	Policy        string   `json:"resource_policy_uri,omitempty"`
	TermsOfUse    string   `json:"resource_tos_uri,omitempty"`
}

// Document returns the metadata as JSON (RFC 9728 §3.2).
func (m *Metadata) Document() []byte {
	text, _ := json.Marshal(m) // strings can always be written
	return text
}

// Described names the members that describe the resource, in the order of their names.
func (m *Metadata) Described() (names []string) {
	for _, member := range []struct {
		name string
		set  bool
	}{
		{"authorization_servers", len(m.AuthorizationServers) > 0},
		{"resource_documentation", m.Documentation != ""},
		{"resource_name", m.Name != ""},
		{"resource_policy_uri", m.Policy != ""},
		{"resource_tos_uri", m.TermsOfUse != ""},
		{"scopes_supported", len(m.ScopesSupported) > 0},
	} {
		if member.set {
			names = append(names, member.name)
		}
	}
	return names
}
