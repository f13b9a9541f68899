package peer

import (
	"testing"

	"apinto-jwt/bench/token"
)

// Every contender accepts what it must and refuses what it must: a benchmark of a verifier that does not verify would
// say nothing.
func TestVerify(t *testing.T) {
	for _, algorithm := range token.Algorithms {
		key := token.NewKey(algorithm)
		good := key.New(token.Claims{Issuer: "i", User: "u"})
		expired := key.New(token.Claims{Issuer: "i", User: "u", Expired: true})
		changed := key.New(token.Claims{Issuer: "i", User: "other"})
		changed = changed[:len(changed)-8] + good[len(good)-8:]
		for _, p := range All() {
			verify := p.New(key)
			if err := verify(good); err != nil {
				t.Errorf("%s %s refuses a good token: %v", p.Name, algorithm, err)
			}
			for name, bad := range map[string]string{"expired": expired, "changed": changed, "garbage": token.Garbage} {
				if verify(bad) == nil {
					t.Errorf("%s %s accepts a token that is %s", p.Name, algorithm, name)
				}
			}
		}
		bare := Bare(key)
		if !bare(Split(good)) || bare(Split(changed)) {
			t.Errorf("bare %s is wrong", algorithm)
		}
	}
}
