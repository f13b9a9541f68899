package main

import (
	"strings"
	"testing"

	"apinto-jwt/keys"
)

func TestBadKeys(t *testing.T) {
	ec, ed := newPair(keys.ES256), newPair(keys.EdDSA)
	tests := []struct {
		name, command, alg, text, want string
	}{
		{"public key to sign", "sign", "ES256", ec.public, "is a public key"},
		{"private key to verify", "verify", "ES256", ec.private.Reveal(), "is a private key; give the public one ("},
		{"no PEM to sign", "sign", "ES256", "hush", "is not PEM"},
		{"no PEM to verify", "verify", "ES256", "hush", "is not PEM"},
		{"nothing to sign", "sign", "ES256", "", "is empty"},
		{"nothing to verify", "verify", "ES256", "", "is empty"},
		{"other curve to sign", "sign", "ES384", ec.private.Reveal(), "does not fit"},
		{"other curve to verify", "verify", "ES384", ec.public, "does not fit"},
		{"other kind to sign", "sign", "RS256", ed.private.Reveal(), "does not fit"},
		{"other kind to verify", "verify", "RS256", ed.public, "does not fit"},
		{"second key does not fit", "verify", "ES256", ec.public + ed.public, "block 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session{t: t, stdin: exampleToken}
			r := s.run(tt.command, "--alg", tt.alg, "--key", s.file("k", tt.text))
			if r.code != exitFailed || r.out != "" || !strings.Contains(r.err, "--key: ") || !strings.Contains(r.err, tt.want) {
				t.Errorf("exit status %d, %q, %q", r.code, r.out, r.err)
			}
			if strings.Contains(r.err, "hush") || strings.Contains(r.err, "MIG") {
				t.Errorf("the key is shown: %s", r.err)
			}
		})
	}
}

// Several blocks are several keys, as when keys rotate.
func TestSeveralPublicKeys(t *testing.T) {
	old, current := newPair(keys.ES256), newPair(keys.ES256)
	s := session{t: t}
	both := s.file("pub", old.public+current.public)
	for _, p := range []pair{old, current} {
		signed := s.ok("sign", "--alg", "ES256", "--exp", "1h", "--key", s.file("k", p.private.Reveal()))
		s.ok("verify", "--alg", "ES256", "--path", "exp", "--key", both, signed)
	}
	foreign := s.ok("sign", "--alg", "ES256", "--exp", "1h", "--key", s.file("k", newPair(keys.ES256).private.Reveal()))
	if r := s.run("verify", "--alg", "ES256", "--key", both, foreign); r.code != exitFailed {
		t.Errorf("a foreign key: %s", r.out)
	}
}
