package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/files"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

func TestKeygenSecret(t *testing.T) {
	for alg, size := range map[string]int{"HS256": 32, "HS384": 48, "HS512": 64} {
		r := session{t: t}.run("keygen", "--alg", alg)
		secret, err := keys.Secret(r.out).Bytes(true)
		if r.code != exitOK || err != nil || len(secret) != size {
			t.Errorf("%s: exit status %d, %d bytes, %v", alg, r.code, len(secret), err)
		}
		for _, want := range []string{`"signature_is_base_64": true`, `"secret"`, `"` + alg + `"`} {
			if !strings.Contains(r.err, want) {
				t.Errorf("%s: the note has no %s: %s", alg, want, r.err)
			}
		}
		if strings.Contains(r.err, strings.TrimSpace(r.out)) {
			t.Errorf("%s: the secret is on standard error", alg)
		}
		s := session{t: t, env: map[string]string{secretVariable: strings.TrimSpace(r.out)}}
		signed := s.ok("sign", "--alg", alg, "--base64", "--exp", "1h")
		s.ok("verify", "--alg", alg, "--path", "exp", "--base64", signed)
	}
}

func TestKeygenPairToStandardOutput(t *testing.T) {
	r := session{t: t}.run("keygen", "--alg", "EdDSA")
	private, public, ok := strings.Cut(r.out, "-----END PRIVATE KEY-----\n")
	if r.code != exitOK || !ok || !strings.HasPrefix(private, "-----BEGIN PRIVATE KEY-----\n") || !strings.HasPrefix(public, "-----BEGIN PUBLIC KEY-----\n") {
		t.Fatalf("exit status %d, %s", r.code, r.err)
	}
	if !strings.Contains(r.err, `"rsa_public_key"`) || strings.Contains(r.err, "-----") {
		t.Errorf("the note is %s", r.err)
	}
}

func TestKeygenFiles(t *testing.T) {
	tests := []struct {
		alg  string
		args []string
	}{{"HS256", nil}, {"RS256", []string{"--bits", "2048"}}, {"PS512", nil}, {"ES256", nil}, {"ES384", nil}, {"ES512", nil}, {"EdDSA", nil}}
	for _, tt := range tests {
		t.Run(tt.alg, func(t *testing.T) {
			s := session{t: t}
			prefix := filepath.Join(t.TempDir(), "app")
			r := s.run(append([]string{"keygen", "--alg", tt.alg, "--out", prefix}, tt.args...)...)
			sign, verify := []string{"--key", prefix + ".key"}, []string{"--key", prefix + ".pub"}
			want, modes := prefix+".key\n"+prefix+".pub\n", map[string]os.FileMode{".key": 0o600, ".pub": 0o644}
			if tt.alg == "HS256" {
				sign = []string{"--base64", "--secret-file", prefix + ".secret"}
				verify, want, modes = sign, prefix+".secret\n", map[string]os.FileMode{".secret": 0o600}
			}
			if r.code != exitOK || r.out != want {
				t.Fatalf("exit status %d, %s%s", r.code, r.out, r.err)
			}
			checkModes(t, prefix, modes)
			signed := s.ok(append([]string{"sign", "--alg", tt.alg, "--exp", "1h"}, sign...)...)
			s.ok(append([]string{"verify", "--alg", tt.alg, "--path", "exp", signed}, verify...)...)
		})
	}
}

// checkModes wants exactly these files, with these modes.
func checkModes(t *testing.T, prefix string, modes map[string]os.FileMode) {
	t.Helper()
	found, err := os.ReadDir(filepath.Dir(prefix))
	if err != nil || len(found) != len(modes) {
		t.Errorf("%d files, %v", len(found), err)
	}
	for suffix, mode := range modes {
		info, err := os.Stat(prefix + suffix)
		if err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", suffix, info.Mode(), err)
		}
	}
}

func TestKeygenDoesNotOverwrite(t *testing.T) {
	for _, suffix := range []string{".key", ".pub"} {
		t.Run(suffix, func(t *testing.T) {
			s := session{t: t}
			prefix := filepath.Join(t.TempDir(), "app")
			must.Succeed(t, os.WriteFile(prefix+suffix, []byte("precious"), 0o666))
			r := s.run("keygen", "--alg", "ES256", "--out", prefix)
			if r.code != exitFailed || r.out != "" || !strings.Contains(r.err, "--force") {
				t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
			}
			if text, err := os.ReadFile(prefix + suffix); err != nil || string(text) != "precious" {
				t.Errorf("the file is %q, %v", text, err)
			}
			if found, _ := filepath.Glob(prefix + "*"); len(found) != 1 {
				t.Errorf("left behind: %q", found)
			}
			if r := s.run("keygen", "--alg", "ES256", "--out", prefix, "--force"); r.code != exitOK {
				t.Errorf("exit status %d, %s", r.code, r.err)
			}
			checkModes(t, prefix, map[string]os.FileMode{".key": 0o600, ".pub": 0o644})
		})
	}
}

// A file that appears between the look and the writing is left alone.
func TestWriteFileIsExclusive(t *testing.T) {
	name := session{t: t}.file("app.key", "precious")
	if err := files.Write(name, "new", privateMode, false); err == nil {
		t.Error("it was overwritten")
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "precious" {
		t.Errorf("the file is %q, %v", text, err)
	}
}

// If a file cannot be replaced, nothing half-written is left.
func TestKeygenCleansUp(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "app")
	must.Succeed(t, os.MkdirAll(filepath.Join(prefix+".key", "full"), 0o700))
	r := session{t: t}.run("keygen", "--alg", "ES256", "--out", prefix, "--force")
	if r.code != exitFailed || r.out != "" {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	if found, err := os.ReadDir(filepath.Dir(prefix)); err != nil || len(found) != 1 {
		t.Errorf("left behind: %v, %v", found, err)
	}
}

func TestKeygenUsage(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"short RSA key", []string{"--alg", "RS256", "--bits", "1024"}, exitUsage},
		{"no RSA key", []string{"--alg", "RS256", "--bits", "0"}, exitUsage},
		{"long RSA key", []string{"--alg", "RS256", "--bits", "16384"}, exitUsage},
		{"bits for EC", []string{"--alg", "ES256", "--bits", "2048"}, exitUsage},
		{"bits for a secret", []string{"--alg", "HS256", "--bits", "2048"}, exitUsage},
		{"force without out", []string{"--alg", "ES256", "--force"}, exitUsage},
		{"empty prefix", []string{"--alg", "ES256", "--out", ""}, exitUsage},
		{"unknown algorithm", []string{"--alg", "none"}, exitUsage},
		{"argument", []string{"--alg", "ES256", "app"}, exitUsage},
		{"no such directory", []string{"--alg", "ES256", "--out", filepath.Join(dir, "no", "app")}, exitFailed},
		{"no such directory, with force", []string{"--alg", "ES256", "--force", "--out", filepath.Join(dir, "no", "app")}, exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run(append([]string{"keygen"}, tt.args...)...)
			if r.code != tt.code || r.out != "" || strings.Contains(r.err, "-----BEGIN") {
				t.Errorf("exit status %d, %q, %q", r.code, r.out, r.err)
			}
		})
	}
}
