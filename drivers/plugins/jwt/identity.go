package jwt

import (
	"runtime"
	"time"

	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/drivers/plugins/jwt/internal/upstreamtoken"
	"apinto-jwt/internal/appid"
	"apinto-jwt/rule"
)

// upstreamCacheBytes bounds the upstreams' tokens that a process keeps: some 10,000.
const upstreamCacheBytes = 16 << 20

// newUpstreamCache makes the cache of the upstreams' tokens, when the first one is made.
func (g *gate) newUpstreamCache() *upstreamtoken.Cache {
	return upstreamtoken.NewCache(upstreamCacheBytes, g.driver.Faults().Stopped)
}

// identity returns the header by which the upstream can verify who is asking: with no value if no token can be made for who is
// accepted, and with no name if none is accepted, or none wanted.
func (p *policy) identity(v verdict, g *gate) field {
	if p.minter == nil || !v.accepted() {
		return field{}
	}
	user := v.result.User(v.match)
	accepted := upstreamtoken.Accepted{Token: v.result.Token(), User: user.Name, Client: appid.Name(user.App.Id())}
	return field{p.upstream.tokenHeader(), p.minter.Value(g.upstreamTokens(), accepted, g.driver.Clock.Now())}
}

// objectToSharedKey refuses a key that a rule issues tokens with, when the configuration is saved: the rule would accept the upstream
// that has a user's token as that user.
func (p *policy) objectToSharedKey(signers *issuance.Signers) {
	if p.minter != nil && signers.Issues(p.minter.Verifier()) {
		p.objections.Add(upstreamField+".private_key", "is a key that a rule issues tokens with, and that accepts them: give another one, that signs for upstreams alone")
	}
}

// publish has the public key of the upstream's tokens published, for as long as one may be good: while the policy lives, and
// as long after it as a token and the greatest leeway of who verifies it. The host does not say when it drops a filter.
func (g *gate) publish(m *upstreamtoken.Minter) {
	if m == nil {
		return
	}
	signers, key := g.driver.Signers(), m.Verifier()
	signers.Lend(key, m.Lifetime()+rule.MaxLeeway*time.Second)
	runtime.AddCleanup(m, func(*gate) {
		defer func() {
			if r := recover(); r != nil {
				g.driver.Faults().Stopped("the keys of the upstreams' tokens")
			}
		}()
		signers.Return(key, g.driver.Clock.Now())
	}, g)
}
