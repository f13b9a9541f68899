package jwttoken

import (
	"runtime"
	"testing"

	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/resource"
)

// RFC 9728 §3: the metadata of a resource stands under the well-known path, for scripts of any origin too.
func TestResourceMetadata(t *testing.T) {
	r := newRig(t)
	u, err := resource.ParseURI("https://a/x")
	if err != nil {
		t.Fatal(err)
	}
	m := &resource.Metadata{URI: u, Resource: u.String(), AuthorizationServers: []string{"https://b"}}
	r.shared.driver.Resources().Add(m)
	const path = "/.well-known/oauth-protected-resource/x"
	got := r.callAt("resource", path, "GET", "", "Origin: https://page.example")
	if got.status != 200 || got.headers["content-type"] != "application/json" || got.headers["access-control-allow-origin"] != "*" ||
		gjson.Get(got.body, "resource").Str != "https://a/x" || gjson.Get(got.body, "authorization_servers.0").Str != "https://b" {
		t.Errorf("%d %v %s", got.status, got.headers, got.body)
	}
	if got := r.callAt("resource", path, "HEAD", ""); got.status != 200 {
		t.Errorf("HEAD: %d", got.status)
	}
	asked := r.callAt("resource", path, "OPTIONS", "", "Origin: https://page.example", "Access-Control-Request-Method: GET",
		"Access-Control-Request-Headers: mcp-protocol-version")
	if asked.status != 204 || asked.headers["access-control-allow-origin"] != "*" || asked.headers["access-control-allow-headers"] != "*" {
		t.Errorf("%d %v", asked.status, asked.headers)
	}
	for _, method := range []string{"GET", "OPTIONS"} {
		if got := r.callAt("resource", path+"y", method, ""); got.status != 404 || got.headers["access-control-allow-origin"] != "*" {
			t.Errorf("%s of what is not ours: %d %s", method, got.status, got.body)
		}
	}
	if got := r.callAt("resource", path, "POST", "a=b"); got.status != 405 || got.headers["allow"] != "GET, HEAD, OPTIONS" {
		t.Errorf("POST: %d %v", got.status, got.headers)
	}
	runtime.KeepAlive(m)
}
