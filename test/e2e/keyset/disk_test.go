package keyset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A gateway whose sets are on a volume, as Kubernetes mounts it (reached by a link, writable by a group), serves with them when
// it restarts while the issuers are down. A file that everybody may write is not used, and the log and the status page say why.
func TestKeySetsOnAVolume(t *testing.T) {
	t.Parallel()
	e := rig.Own(t)
	good, bad := rig.StartKeyIssuer(t), rig.StartKeyIssuer(t)
	secret := []byte("a secret of thirty-two bytes, or more")
	good.SetKeys(good.A, jwttest.NewJWK("oct", secret))
	e.Add(t, rig.KeyApp("Volume", good.KeyRule(gateway.Rule{"algorithm": "ES256,HS256"})))
	e.Add(t, rig.KeyApp("Everybody", bad.KeyRule(nil)))
	e.Accept(t, e.Node, rig.InHeader("X-Volume", rig.TokenOf(t, "A")))
	e.Accept(t, e.Node, rig.InHeader("X-Volume", jwttest.Sign(t, "HS256", secret, rig.Object{"kid": "oct"}, rig.Claims{"sub": "ann"})))
	e.Accept(t, e.Node, rig.InHeader("X-Everybody", rig.TokenOf(t, "A")))
	rig.Within(t, rig.Settle, func() error {
		if n := len(keyFiles(t, e.Node)); n != 2 {
			return fmt.Errorf("%d files", n)
		}
		return nil
	})
	good.Down()
	bad.Down()
	must.Succeed(t, e.Node.Stop())
	ontoVolume(t, filepath.Join(e.Node.Dir, "data", "jwt-keys"), func(text string) os.FileMode {
		if strings.Contains(text, jwttest.Encode(secret)) {
			t.Errorf("a secret is on disk: %s", text)
		}
		if strings.Contains(text, bad.URL("/")) {
			return 0o666
		}
		return 0o660
	})
	must.Succeed(t, e.Node.Restart(t.Context()))
	e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t)))

	e.Accept(t, e.Node, rig.InHeader("X-Volume", rig.TokenOf(t, "A")))
	if set := good.KeySet(t, e.Node); !set.FromDisk || set.DiskError != "" {
		t.Errorf("the status page has %+v", set)
	}
	e.Refuse(t, e.Node, rig.InHeader("X-Everybody", rig.TokenOf(t, "A")))
	if set := bad.KeySet(t, e.Node); set.FromDisk || !contains(set.DiskError, "written by everybody") {
		t.Errorf("the status page has %+v", set)
	}
	rig.Within(t, 5*time.Second, func() error {
		log, err := os.ReadFile(filepath.Join(e.Node.LogDir(), "error.log"))
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
		must.Succeed(t, err)
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
