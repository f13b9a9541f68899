package registry

import (
	"context"

	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// ClientKeys are the keys by which a user proves to be itself (RFC 7523 §2.2).
type ClientKeys struct {
	source *rule.KeySource
	handle *keyHandle
}

// Verify checks the signature of a client's assertion. The keys' algorithms decide. A set that is fetched, and may lack the
// key, is asked for once more. Errors are those of [token.Unverified.Verify].
func (c *ClientKeys) Verify(u *token.Unverified) (*token.Verified, error) {
	set := c.handle.keys()
	v, err := u.Verify(set)
	if l := u.Lookup(); err == nil || c.handle.live == nil || set.Len() > 0 && l.HasKeyID && len(set.WithID(l.KeyID)) > 0 {
		return v, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), remote.DefaultWait)
	defer cancel()
	if next := c.handle.live.Refresh(ctx, set); next != set {
		return u.Verify(next)
	}
	return v, err
}

// setClientKeys gives the application's users exactly these keys. What is fetched for both the old and the new ones is
// fetched on.
func (g *Registry) setClientKeys(b *Binding, appID string, sources map[string]*rule.KeySource) {
	before := b.clients[appID]
	now := make(map[string]*ClientKeys, len(sources))
	for user, source := range sources {
		if old := before[user]; old != nil && old.source.ID == source.ID {
			now[user] = old
			delete(before, user)
			continue
		}
		now[user] = &ClientKeys{source, open(source, g.index.pool, nil)}
	}
	for _, old := range before {
		old.handle.close()
	}
	if b.clients == nil {
		b.clients = make(map[string]map[string]*ClientKeys)
	}
	b.clients[appID] = now
}

// dropClientKeys ends the use of the application's keys.
func (b *Binding) dropClientKeys(appID string) {
	for _, old := range b.clients[appID] {
		old.handle.close()
	}
	delete(b.clients, appID)
}

// ClientKeys are the keys of the application's users, by name. They are for whom [Registry.Issuing] calls.
func (b *Binding) ClientKeys(appID string) map[string]*ClientKeys { return b.clients[appID] }
