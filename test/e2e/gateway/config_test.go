package gateway

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

func TestListenURLs(t *testing.T) {
	want := map[string]string{"gateway": "http://127.0.0.1:8099", "client": "http://127.0.0.1:9400", "peer": "http://127.0.0.1:9401"}
	for name, config := range map[string]string{
		"ours":     listens(Ports{Gateway: 8099, Admin: 9400, Peer: 9401}),
		"with TLS": listens(Ports{Gateway: 8099, Admin: 9400, Peer: 9401, Secure: 8443}),
		"by hand": `version: 2
#certificate: http://not.this.one
client: # the admin API
  listen_urls: ["http://127.0.0.1:9400", "http://192.0.2.1:9400"]
  advertise_urls:
    - http://192.0.2.1:9400
peer:
  listen_urls:
  - "http://0.0.0.0:9401"
gateway:
  listen_urls: [http://0.0.0.0:8099/, https://0.0.0.0:8443]
`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := listenURLs(config); !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestListensWithTLS(t *testing.T) {
	const want = "gateway:\n  listen_urls:\n    - http://127.0.0.1:8099\n    - http://127.0.0.1:8443\n    - https://127.0.0.1:8443\nclient:"
	ports := Ports{Gateway: 8099, Admin: 9400, Peer: 9401}
	if got := listens(ports); strings.Contains(got, "https") {
		t.Errorf("without a port for it: %s", got)
	}
	ports.Secure = 8443
	if got := listens(ports); !strings.Contains(got, want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
}

// What a user wrote into the directory stays, and is where the harness looks.
func TestWriteFilesKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	const own = "DATA_DIR: /elsewhere\npid_dir: 'mine'\n"
	must.Succeed(t, os.WriteFile(filepath.Join(dir, settingsFile), []byte(own), 0o600))
	must.Succeed(t, writeFiles(dir, Ports{Gateway: 1, Admin: 2, Peer: 3}, "error"))
	for key, want := range map[string]string{"data_dir": "/elsewhere", "pid_dir": filepath.Join(dir, "mine")} {
		if got, err := readSetting(dir, key); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", key, got, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, configFile)); err != nil {
		t.Error(err)
	}
}

func TestSocketPathIsShort(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))} {
		path, err := socketPath(dir)
		must.Succeed(t, err)
		if !strings.HasPrefix(path, dir) {
			t.Cleanup(func() { _ = os.RemoveAll(path) })
		}
		if len(path) > maxSocketDir {
			t.Errorf("%s is too long for a socket", path)
		}
	}
}
