package jwt

import "testing"

// What a token for the upstream adds to a request whose own token is known: to be held against a claim's header.
func BenchmarkUpstreamToken(b *testing.B) {
	r := newRig(b)
	r.app("shop")
	client := r.tokenOf("shop", claims{"sub": "bob", "tenant": "t1", "scope": "read write"})
	minted := mintedWith("RS256", claims{"header": "X-Identity"})
	for name, config := range map[string]string{"claim": `{"claims_to_headers":{"sub":"X-Identity"}}`, "token": minted} {
		b.Run("forward/"+name, func(b *testing.B) {
			f, ctx := r.filter(config), r.get(client)
			p := f.policy.Load()
			v := f.judge(p, ctx)
			b.ReportAllocs()
			for b.Loop() {
				_ = f.forward(p, ctx, v)
				ctx.WithValue(writtenKey{}, nil) // as of another request
			}
		})
	}
	b.Run("known", func(b *testing.B) {
		f := r.filter(minted)
		p := f.policy.Load()
		v := f.judge(p, r.get(client))
		b.ReportAllocs()
		for b.Loop() {
			p.identity(v, f.gate)
		}
	})
}
