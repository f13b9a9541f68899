package mcp

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The client that is registered with the provider, and the address that its users come back to.
const (
	clientID = "an MCP client"
	callback = "http://127.0.0.1:9/callback"
)

// startProvider starts an OpenID provider that gives out JWT access tokens for the resource that a client asks for
// (RFC 8707), and returns its issuer.
func startProvider(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	issuer := "http://" + listener.Addr().String()
	storage.RegisterClients(storage.NativeClient(clientID, callback))
	provider := exampleop.SetupServer(issuer, &provider{Storage: storage.NewStorage(storage.NewUserStore(issuer))}, nil, false)
	server := &http.Server{Handler: withResource(provider), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // until the test closes it
	t.Cleanup(func() { _ = server.Close() })
	return issuer
}

// provider is the library's example, with resource indicators.
type provider struct {
	*storage.Storage
	resources sync.Map // By the ID of a request to authorize.
}

// resourceKey is the key of a context's resource.
type resourceKey struct{}

// withResource notes the resource that a client asks for; the library leaves the parameter out.
func withResource(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), resourceKey{}, r.URL.Query().Get("resource"))))
	})
}

// authRequest is a request to authorize, for a resource.
type authRequest struct {
	*storage.AuthRequest
	resource string
}

// GetAudience is what the token will be for.
func (r *authRequest) GetAudience() []string { return []string{r.resource} }

// CreateAuthRequest implements op.Storage.
func (p *provider) CreateAuthRequest(ctx context.Context, asked *oidc.AuthRequest, user string) (op.AuthRequest, error) {
	made, err := p.Storage.CreateAuthRequest(ctx, asked, user)
	if err == nil {
		p.resources.Store(made.GetID(), ctx.Value(resourceKey{}))
	}
	return p.of(made, err)
}

// AuthRequestByID implements op.Storage.
func (p *provider) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	return p.of(p.Storage.AuthRequestByID(ctx, id))
}

// AuthRequestByCode implements op.Storage.
func (p *provider) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	return p.of(p.Storage.AuthRequestByCode(ctx, code))
}

// of adds the resource to a request.
func (p *provider) of(made op.AuthRequest, err error) (op.AuthRequest, error) {
	if err != nil {
		return nil, err
	}
	resource, _ := p.resources.Load(made.GetID())
	text, _ := resource.(string)
	return &authRequest{made.(*storage.AuthRequest), text}, nil
}

// CreateAccessToken implements op.Storage.
func (p *provider) CreateAccessToken(ctx context.Context, request op.TokenRequest) (string, time.Time, error) {
	return p.Storage.CreateAccessToken(ctx, plain(request))
}

// CreateAccessAndRefreshTokens implements op.Storage.
func (p *provider) CreateAccessAndRefreshTokens(ctx context.Context, request op.TokenRequest, current string) (string, string, time.Time, error) {
	return p.Storage.CreateAccessAndRefreshTokens(ctx, plain(request), current)
}

// plain returns the library's own request.
func plain(request op.TokenRequest) op.TokenRequest {
	if r, ok := request.(*authRequest); ok {
		return r.AuthRequest
	}
	return request
}

// client gets JWT access tokens with whatever scopes it asks for.
type client struct{ op.Client }

// AccessTokenType implements op.Client.
func (client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// IsScopeAllowed implements op.Client.
func (client) IsScopeAllowed(string) bool { return true }

// RestrictAdditionalAccessTokenScopes implements op.Client.
func (client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

// GetPrivateClaimsFromScopes implements op.Storage: the token says what it grants (RFC 9068 §2.2.3), as the library does not.
func (p *provider) GetPrivateClaimsFromScopes(_ context.Context, _, _ string, scopes []string) (map[string]any, error) {
	return map[string]any{"scope": strings.Join(scopes, " ")}, nil
}

// GetClientByClientID implements op.Storage.
func (p *provider) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := p.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return client{found}, nil
}
