package diff

import (
	"strings"
	"testing"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// What we accept, golang-jwt v5 and go-jose v4 accept with the same key; if they do not, it is for a fault of theirs that
// is known. The tokens are signed whatever they say.
func FuzzAccepted(f *testing.F) {
	rules, err := load()
	if err != nil {
		f.Fatal(err)
	}
	keys := forge.Load()
	for _, c := range corpus.Cases() {
		if c.Request != "" || c.Edge || len(c.Token) > 1024 || strings.Count(c.Token, ".") != 2 {
			continue
		}
		for i, alg := range forge.Algorithms {
			if strings.ToLower(alg) == c.Rule {
				f.Add(read(c.Token, 0).text, read(c.Token, 1).text, uint8(i))
			}
		}
	}
	us := newOurs()
	f.Fuzz(func(t *testing.T, header, payload string, which uint8) {
		alg := forge.Algorithms[int(which)%len(forge.Algorithms)]
		if alg == "Ed25519" { // neither library knows the newer name of EdDSA (RFC 9864)
			return
		}
		rule := rules[strings.ToLower(alg)]
		in := Input{Case: corpus.Case{Name: "fuzzed", Rule: rule.name, Token: forge.Compact(alg, keys.Signer(alg), header, payload)}}
		q := Question{Input: in, settings: rule, header: read(in.Token, 0), payload: read(in.Token, 1)}
		for _, v := range []verifier{golangJWT{}, goJOSE{}} {
			if q.Named, q.Ours = ours(us, v, rule, in); q.Ours != nil {
				return
			}
			exp, _ := q.payload.members["exp"].(float64)
			q.Edge = exp > float64(corpus.Now.Unix()) && exp < float64(corpus.Now.Unix()+1)
			if theirs := judge(v, rule, in); theirs != Accepts && fault(&q, v.name(), theirs) == nil {
				t.Fatalf("%s %s, we accept: %q %q", v.name(), theirs, header, payload)
			}
		}
	})
}
