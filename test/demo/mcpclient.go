package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// mcpClient is a client of an MCP server (revision 2026-07-28). It is told the server's URL, and learns the rest.
type mcpClient struct {
	url      string
	metadata string // The server's (RFC 9728).
	issuer   string
	endpoint string // Of the issuer, for tokens.
	scope    string // That the last challenge named.
	token    string
}

// challenge finds the parameters of a challenge.
var challenge = regexp.MustCompile(`(resource_metadata|scope|error)="([^"]*)"`)

// meet calls a tool without a token: the refusal says where to read on.
func (c *mcpClient) meet(ctx context.Context) func() (string, error) {
	return func() (string, error) {
		status, _, err := c.post(ctx, "get_file", "get_file")
		if c.metadata != "" {
			status += ", names its metadata"
		}
		return status, err
	}
}

// findIssuer reads the server's metadata, which must be of this server.
func (c *mcpClient) findIssuer(ctx context.Context) func() (string, error) {
	return func() (string, error) {
		var document struct {
			Resource string
			Servers  []string `json:"authorization_servers"`
		}
		status, err := get(ctx, c.metadata, &document)
		if document.Resource == c.url && len(document.Servers) == 1 {
			c.issuer = document.Servers[0]
			status += ", names an issuer"
		}
		return status, err
	}
}

// findEndpoint reads the issuer's metadata (RFC 8414), which must be of this issuer.
func (c *mcpClient) findEndpoint(ctx context.Context) func() (string, error) {
	return func() (string, error) {
		var document struct {
			Issuer   string
			Endpoint string `json:"token_endpoint"`
		}
		status, err := get(ctx, c.issuer+"/.well-known/oauth-authorization-server", &document)
		if document.Issuer == c.issuer && document.Endpoint != "" {
			c.endpoint = document.Endpoint
			status += ", names an endpoint"
		}
		return status, err
	}
}

// login gets a token for this server (RFC 8707), with the scopes that the last challenge named.
func (c *mcpClient) login(ctx context.Context) func() (string, error) {
	return func() (string, error) {
		form := url.Values{
			"grant_type": {"password"}, "client_id": {"people"}, "username": {"ann"}, "password": {issuedPassword},
			"resource": {c.url}, "scope": {c.scope},
		}
		outgoing, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(form.Encode()))
		if err != nil {
			return "", err
		}
		outgoing.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var granted struct {
			Token string `json:"access_token"`
			Scope string
			Error string
		}
		status, _, err := do(outgoing, &granted)
		c.token = granted.Token
		return strings.TrimSpace(status + " " + granted.Scope + granted.Error), err
	}
}

// call calls a tool, naming one in the header. The answer is the tool's text, or why it is refused.
func (c *mcpClient) call(ctx context.Context, tool, named string) func() (string, error) {
	return func() (string, error) {
		status, said, err := c.post(ctx, tool, named)
		return status + " " + said, err
	}
}

// post sends a tools/call. It notes what a challenge names.
func (c *mcpClient) post(ctx context.Context, tool, named string) (status, said string, err error) {
	message := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `"}}`
	outgoing, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(message))
	if err != nil {
		return "", "", err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": named,
	} {
		outgoing.Header.Set(name, value)
	}
	if c.token != "" {
		outgoing.Header.Set("Authorization", "Bearer "+c.token)
	}
	var answer struct {
		Result struct{ Content []struct{ Text string } }
		Error  json.RawMessage
	}
	status, header, err := do(outgoing, &answer)
	if len(answer.Result.Content) == 1 {
		return status, answer.Result.Content[0].Text, err
	}
	var refused struct{ Data struct{ Reason string } }
	_ = json.Unmarshal(answer.Error, &refused) // before there is a token, it is a text
	said = refused.Data.Reason
	for _, parameter := range challenge.FindAllStringSubmatch(header.Get("WWW-Authenticate"), -1) {
		switch parameter[1] {
		case "resource_metadata":
			c.metadata = parameter[2]
		case "scope":
			c.scope = parameter[2]
		case "error":
			said = parameter[2]
		}
	}
	return status, said, err
}

// get reads a JSON document into a value.
func get(ctx context.Context, address string, into any) (status string, err error) {
	outgoing, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	status, _, err = do(outgoing, into)
	return status, err
}

// do sends a request and reads the JSON of its answer into a value.
func do(outgoing *http.Request, into any) (status string, header http.Header, err error) {
	response, err := client.Do(outgoing)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil {
		_ = json.Unmarshal(body, into) // before the route is there, the answer is no JSON
	}
	return fmt.Sprint(response.StatusCode), response.Header, err
}
