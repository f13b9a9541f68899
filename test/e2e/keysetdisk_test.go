package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// A gateway whose sets are on a volume, as Kubernetes mounts it (reached by a link, writable by a group), serves with them when
// it restarts while the issuers are down. A file that everybody may write is not used, and the log and the status page say why.
func TestKeySetsOnAVolume(t *testing.T) {
	t.Parallel()
	e := ownEnv(t)
	good, bad := startKeyIssuer(t), startKeyIssuer(t)
	secret := []byte("a secret of thirty-two bytes, or more")
	good.SetKeys(good.a, jwttest.NewJWK("oct", secret))
	e.add(t, keyApp("Volume", good.keyRule(gateway.Rule{"algorithm": "ES256,HS256"})))
	e.add(t, keyApp("Everybody", bad.keyRule(nil)))
	e.accept(t, e.node, inHeader("X-Volume", tokenOf(t, "A")))
	e.accept(t, e.node, inHeader("X-Volume", jwttest.Sign(t, "HS256", secret, object{"kid": "oct"}, claims{"sub": "ann"})))
	e.accept(t, e.node, inHeader("X-Everybody", tokenOf(t, "A")))
	within(t, settle, func() error {
		if n := len(keyFiles(t, e.node)); n != 2 {
			return fmt.Errorf("%d files", n)
		}
		return nil
	})
	good.Down()
	bad.Down()
	if err := e.node.Stop(); err != nil {
		t.Fatal(err)
	}
	ontoVolume(t, filepath.Join(e.node.Dir, "data", "jwt-keys"), func(text string) os.FileMode {
		if strings.Contains(text, jwttest.Encode(secret)) {
			t.Errorf("a secret is on disk: %s", text)
		}
		if strings.Contains(text, bad.URL("/")) {
			return 0o666
		}
		return 0o660
	})
	if err := e.node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.accept(t, e.node, bearer(anchorToken(t)))

	e.accept(t, e.node, inHeader("X-Volume", tokenOf(t, "A")))
	if set := good.keySet(t, e.node); !set.FromDisk || set.DiskError != "" {
		t.Errorf("the status page has %+v", set)
	}
	e.refuse(t, e.node, inHeader("X-Everybody", tokenOf(t, "A")))
	if set := bad.keySet(t, e.node); set.FromDisk || !contains(set.DiskError, "written by everybody") {
		t.Errorf("the status page has %+v", set)
	}
	within(t, 5*time.Second, func() error {
		log, err := os.ReadFile(filepath.Join(e.node.LogDir(), "error.log"))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(log)) {
			if strings.Contains(line, "[WARN") && strings.Contains(line, "on disk is not used") && strings.Contains(line, "written by everybody") {
				return nil
			}
		}
		return fmt.Errorf("the log has no warning of the file")
	})
}

// ontoVolume moves a directory to another place that a group may write, with a link to it where it was, and gives each file the
// mode for its text.
func ontoVolume(t *testing.T, dir string, mode func(text string) os.FileMode) {
	t.Helper()
	volume := filepath.Join(t.TempDir(), "volume")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Rename(dir, volume))
	must(os.Symlink(volume, dir))
	must(os.Chmod(volume, 0o770|os.ModeSetgid))
	entries, err := os.ReadDir(volume)
	must(err)
	for _, entry := range entries {
		path := filepath.Join(volume, entry.Name())
		text, err := os.ReadFile(path)
		must(err)
		must(os.Chmod(path, mode(string(text))))
	}
}
