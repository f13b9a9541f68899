// Package oauth runs an OAuth client that this project did not write against the real gateway's token endpoint. It is a
// module of its own, so that the client does not enter the gateway's.
package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

// The user's password and its bcrypt hash, at the least cost that is accepted.
const (
	password = "correct horse"
	hash     = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"
)

// start runs a gateway with the endpoints and an application whose tokens live this many seconds.
func start(t *testing.T, ttl int) *gateway.Node {
	t.Helper()
	binary := os.Getenv(gateway.EnvBinary)
	if binary == "" {
		binary = filepath.Join(t.TempDir(), "apinto")
		t.Chdir(filepath.Join("..", "..")) // the gateway's module
		must.Succeed(t, gateway.Build(t.Context(), binary, os.Stderr))
	}
	var node *gateway.Node
	var err error
	for range 3 { // a port that was found free may be taken meanwhile
		if node, err = gateway.Start(t.Context(), gateway.Options{Binary: binary}); err == nil {
			break
		}
	}
	must.Succeed(t, err)
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	server := upstream.Start()
	t.Cleanup(server.Close)
	log := gateway.AccessLog{Name: "oauth", Dir: node.AccessLogDir(), Fields: []string{"$request_uri as uri"}}
	app := gateway.JWTApp("shop", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "the secret of the application that has an OAuth client", "iss": "us", "path": "sub",
			"issue": map[string]any{"access_ttl": ttl, "claims": map[string]any{"scope": "read write"}},
		},
		Users: []gateway.User{{Name: "ann", Password: hash}},
	})
	must.Succeed(t, errors.Join(node.Front(t.Context(), server.Address(), log), node.Issuing(t.Context(), log, ""), node.Create(t.Context(), app)))
	return node
}

// config returns the client's configuration.
func config(node *gateway.Node, style oauth2.AuthStyle) *oauth2.Config {
	return &oauth2.Config{
		ClientID: "shop", Scopes: []string{"read"},
		Endpoint: oauth2.Endpoint{TokenURL: node.URL + "/oauth/token", AuthStyle: style},
	}
}

// login waits until the endpoint is there.
func login(t *testing.T, c *oauth2.Config) *oauth2.Token {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		token, err := c.PasswordCredentialsToken(t.Context(), "ann", password)
		if err == nil {
			return token
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// call returns a request to the API by this client.
func call(ctx context.Context, client *http.Client, node *gateway.Node) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, node.URL+"/api/orders", http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

// revoke ends a token (RFC 7009), which the client has no call for.
func revoke(t *testing.T, node *gateway.Node, raw string) {
	t.Helper()
	response, err := http.PostForm(node.URL+"/oauth/revoke", url.Values{"token": {raw}, "client_id": {"shop"}})
	must.Succeed(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("revoke: status %d", response.StatusCode)
	}
}

// The client logs in, calls, refreshes by itself when its token ends, and notices that its session was ended.
func TestClient(t *testing.T) {
	const ttl = 12 // the client takes a token for ended 10 seconds before
	node := start(t, ttl)
	for name, style := range map[string]oauth2.AuthStyle{
		"header": oauth2.AuthStyleInHeader, "parameters": oauth2.AuthStyleInParams, "found out": oauth2.AuthStyleAutoDetect,
	} {
		t.Run(name, func(t *testing.T) {
			c := config(node, style)
			first := login(t, c)
			if first.RefreshToken == "" || first.Type() != "Bearer" || !first.Valid() {
				t.Fatalf("type %s, valid %v", first.Type(), first.Valid())
			}
			source := c.TokenSource(t.Context(), first)
			client := oauth2.NewClient(t.Context(), source)
			if err := call(t.Context(), client, node); err != nil {
				t.Fatalf("call: %v", err)
			}
			time.Sleep((ttl - 10 + 1) * time.Second)
			if err := call(t.Context(), client, node); err != nil {
				t.Fatalf("call with a token that was refreshed: %v", err)
			}
			second, err := source.Token()
			if err != nil || second.AccessToken == first.AccessToken || second.RefreshToken == first.RefreshToken {
				t.Fatalf("nothing was refreshed: %v", err)
			}
			revoke(t, node, second.RefreshToken)
			if err := call(t.Context(), client, node); err == nil {
				t.Error("a call passes after the session was ended")
			}
			time.Sleep((ttl - 10 + 1) * time.Second)
			_, err = source.Token()
			var refused *oauth2.RetrieveError
			if !errors.As(err, &refused) || refused.ErrorCode != "invalid_grant" {
				t.Errorf("the client is told %v", err)
			}
		})
	}
}

func TestClientCredentials(t *testing.T) {
	node := start(t, 600)
	login(t, config(node, oauth2.AuthStyleInParams)) // the endpoint is there
	c := &clientcredentials.Config{ClientID: "shop", ClientSecret: password, TokenURL: node.URL + "/oauth/token"}
	if err := call(t.Context(), c.Client(t.Context()), node); err != nil {
		t.Error(err)
	}
	c.ClientSecret = "a guess"
	_, err := c.Token(t.Context())
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) || refused.ErrorCode != "invalid_client" {
		t.Errorf("a wrong password: %v", err)
	}
}
