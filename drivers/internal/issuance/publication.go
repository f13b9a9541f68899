package issuance

import (
	"slices"

	"apinto-jwt/keys"
)

// publication is a list of keys in which each ID is there once.
type publication struct{ keys []*keys.Key }

// add puts a key into the list. The same key under the same ID is there once, with the algorithms of both.
func (p *publication) add(key *keys.Key) {
	id := key.ID()
	if id == "" {
		id = key.JWKThumbprint()
	}
	at := p.find(id)
	if at >= 0 && p.keys[at].Thumbprint() != key.Thumbprint() {
		id = key.JWKThumbprint()
		at = p.find(id)
	}
	algorithms := key.Algorithms().List()
	if at >= 0 {
		algorithms = append(algorithms, p.keys[at].Algorithms().List()...)
	}
	own, err := keys.NewPublicKey(id, key.Public(), algorithms...)
	switch {
	case err != nil: // both have been checked
	case at >= 0:
		p.keys[at] = own
	default:
		p.keys = append(p.keys, own)
	}
}

// find returns the place of the key with this ID, or -1.
func (p *publication) find(id string) int {
	return slices.IndexFunc(p.keys, func(k *keys.Key) bool { return k.ID() == id })
}
