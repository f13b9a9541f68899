package jwt

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys/remote"
)

// The last good set survives the process, and a secret does not.
func TestSetOnDisk(t *testing.T) {
	dir := t.TempDir()
	must.Succeed(t, os.Chmod(dir, 0o700))
	i := startIssuer(t)
	rule := fetching(i.URL(jwttest.KeysPath), object{"algorithm": "ES256,HS256"})
	before := newRigWith(t, remote.Options{Dir: dir})
	before.want(before.bind("a", rule, "ann"), i.a(), passes("ann"))
	eventually(t, "a file", func() bool { return len(files(t, dir)) == 1 })
	i.Down()

	after := newRigWith(t, remote.Options{Dir: dir})
	auth := after.bind("a", rule, "ann")
	after.want(auth, i.a(), passes("ann"))
	if set := after.factory.driver.status().KeySets[0]; !set.FromDisk || set.LastSuccess.IsZero() {
		t.Errorf("status %+v", set)
	}
	another := newRigWith(t, remote.Options{Dir: dir})
	another.want(another.bind("a", fetching(i.URL(jwttest.KeysPath), object{"iss": "other"}), "ann"), i.token("a", jwttest.ECKey(elliptic.P256())), fails("issuer_mismatch"))

	i.Up()
	secret := jwttest.NewJWK("s", []byte(rigSecret))
	i.SetKeys(i.ka, secret)
	eventually(t, "the secret is in use", func() bool {
		after.clock.forward(5 * time.Second) // again and again, as the timer may not be set yet
		return len(after.factory.driver.status().KeySets[0].Keys) == 2
	})
	after.want(auth, jwttest.Sign(t, "HS256", rigSecret, object{"kid": "s"}, object{"sub": "ann"}), passes("ann"))
	i.Down()
	once := newRigWith(t, remote.Options{Dir: dir})
	auth = once.bind("a", rule, "ann")
	once.want(auth, i.a(), passes("ann"))
	once.want(auth, jwttest.Sign(t, "HS256", rigSecret, object{"kid": "s"}, object{"sub": "ann"}), fails("key_unknown"))
}

// A file that everybody may write is not used, and the status page says so.
func TestSetOnDiskIsJudged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sets")
	i := startIssuer(t)
	rule := fetching(i.URL(jwttest.KeysPath), nil)
	before := newRigWith(t, remote.Options{Dir: dir})
	before.want(before.bind("a", rule, "ann"), i.a(), passes("ann"))
	eventually(t, "a file", func() bool { return len(files(t, dir)) == 1 })
	i.Down()
	must.Succeed(t, os.Chmod(filepath.Join(dir, files(t, dir)[0]), 0o606))
	after := newRigWith(t, remote.Options{Dir: dir})
	after.want(after.bind("a", rule, "ann"), i.a(), fails("keys_unavailable"))
	if set := after.factory.driver.status().KeySets[0]; set.FromDisk || !strings.Contains(set.DiskError, "written by everybody") {
		t.Errorf("status %+v", set)
	}
}

// files are the names of the sets in a folder; one that is being written has another name.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must.Succeed(t, err)
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".json") {
			names = append(names, entry.Name())
		}
	}
	return names
}
