package revocation

import (
	"fmt"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// The cost on a request: nothing listed, and 10,000 tokens with 10,000 users; as in a gateway, where a goroutine polls
// the hashes, and if the request has to read them itself.
func BenchmarkRevocation(b *testing.B) {
	for _, bench := range []struct {
		name   string
		n      int
		itself bool
	}{
		{"empty", 0, false},
		{"empty,reads", 0, true},
		{"10000", 10_000, false},
		{"10000,reads", 10_000, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			h := new(jwttest.Hashes)
			var ids, users []string
			for i := range bench.n {
				ids = append(ids, fmt.Sprintf("b1946ac92492d2347c6235b4d2611184-%d", i), "1709294400")
				users = append(users, fmt.Sprintf("shop|user-%d", i), "1709294400")
			}
			h.Put(HashRevoked, ids...)
			h.Put(HashNotBefore, users...)
			v := verified(b, map[string]any{"sub": "ann", "jti": "b1946ac92492d2347c6235b4d2611184-x", "iat": noon})
			r, now := &List{Hashes: h}, time.Unix(noon, 0)
			r.read()
			if !bench.itself {
				r.polled.Store(now.UnixNano())
			}
			b.ReportAllocs()
			for b.Loop() {
				if s := r.Snapshot(now); s != nil && s.Ends(v, "shop@app", "ann") {
					b.Fatal("revoked")
				}
			}
		})
	}
}

// verified returns a verified token with this payload.
func verified(tb testing.TB, payload map[string]any) *token.Verified {
	tb.Helper()
	const secret = "a secret of 32 bytes, for HS256."
	u, err := token.Parse(jwttest.Sign(tb, "HS256", secret, nil, payload))
	must.Succeed(tb, err)
	key, err := keys.NewSecretKey("", []byte(secret), keys.HS256)
	must.Succeed(tb, err)
	v, err := u.VerifyWith(key)
	must.Succeed(tb, err)
	return v
}
