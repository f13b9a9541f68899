package docs

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// JSON on a page is posted to where it belongs.
func TestResource(t *testing.T) {
	for text, want := range map[string]string{
		`{"name":"shop","driver":"app","auth":[]}`: "/api/app",
		`{"plugins":[]}`: "/setting/plugin",
		`{"name":"r","listen":8099,"plugins":{"jwt":{}}}`:    "/api/router",
		`{"name":"s","driver":"http","nodes":["a:1"]}`:       "/api/service",
		`{"name":"o","driver":"redis","addrs":["a:6379"]}`:   "/api/output",
		`{"algorithm":"HS256","secret":"s","path":"$.name"}`: "/api/app",
		`{"issue":{}}`: "",
		`{"auth":[…]}`: "",
	} {
		path, body, err := (&runner{}).resource([]byte(text))
		if path != want || (err != nil) != (want == "") {
			t.Errorf("%s: got %q, error %v, want %q", text, path, err, want)
		}
		if strings.Contains(text, "algorithm") && !strings.Contains(string(body), `"config":`+text) {
			t.Errorf("the rule's config is not in %s", body)
		}
	}
}

// What the admin API refuses is an error.
func TestPost(t *testing.T) {
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type"))
		if len(paths) > 1 {
			http.Error(w, "config.algorithm: …", http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	r := &runner{ports: ports{adminPort: server.URL[strings.LastIndexByte(server.URL, ':')+1:]}}
	if err := r.run(t.Context(), block{kind: resource, text: `{"auth":[]}`}); err != nil {
		t.Error(err)
	}
	err := r.run(t.Context(), block{kind: resource, text: `{"auth":[]}`})
	if err == nil || !strings.Contains(err.Error(), "config.algorithm") {
		t.Errorf("got error %v", err)
	}
	if want := "POST /api/app application/json"; len(paths) != 2 || paths[0] != want {
		t.Errorf("got %q, want %q", paths, want)
	}
}
