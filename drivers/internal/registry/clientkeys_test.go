package registry

import (
	"crypto/elliptic"
	"encoding/json"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// A client's set is fetched, and shown, for as long as a user has it; one fetch goes on when the application is saved again.
func TestClientKeysAreReleased(t *testing.T) {
	server := jwttest.StartKeyServer(jwttest.NewJWK("1", jwttest.ECKey(elliptic.P256())))
	t.Cleanup(server.Close)
	cfg := new(rule.Config)
	if err := json.Unmarshal([]byte(`{"algorithm":"HS256","secret":"a secret of this test, of 32 bytes","iss":"us","path":"sub","issue":{}}`), cfg); err != nil {
		t.Fatal(err)
	}
	r, err := rule.NewCompiler(nil).Compile("", "", cfg, rule.Saved)
	if err != nil {
		t.Fatal(err)
	}
	source := func(path string) map[string]*rule.KeySource {
		return map[string]*rule.KeySource{"robot": rule.RemoteKeys(remote.Config{URL: server.URL(path), Algorithms: keys.NewAlgorithmSet(keys.ES256)})}
	}
	pool := remote.NewPool(remote.Options{})
	g := New(pool, time.Now)
	for _, path := range []string{jwttest.KeysPath, jwttest.KeysPath, jwttest.MovedPath} {
		g.Set(r, "shop@app", 0, Saved{ClientKeys: source(path)})
		if sets := g.KeySets(); len(sets) != 1 || sets[0].URL != server.URL(path) {
			t.Fatalf("key sets %+v", sets)
		}
	}
	g.Set(r, "mall@app", 0, Saved{ClientKeys: source(jwttest.MovedPath)})
	g.Delete("shop@app")
	g.Delete("mall@app")
	if sets := g.KeySets(); len(sets) != 0 {
		t.Errorf("key sets %+v", sets)
	}
	released := make(chan struct{})
	go func() { pool.Wait(); close(released) }()
	select {
	case <-released:
	case <-time.After(20 * time.Second):
		t.Error("a set is fetched for nobody")
	}
	if n := server.Requests(jwttest.KeysPath); n > 1 {
		t.Errorf("fetched %d times", n)
	}
}
