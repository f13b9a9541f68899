package registry

import (
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// open begins the use of a source's keys. A source that is fetched begins with that, unless fetch is nil, as it is in
// a process that serves no requests.
func open(s *rule.KeySource, pool *remote.Pool, onChange func()) *keyHandle {
	if s.Remote == nil || pool == nil {
		return &keyHandle{set: s.Set}
	}
	live, err := pool.Acquire(*s.Remote, onChange)
	if err != nil { // the configuration was checked when the rule was compiled
		return &keyHandle{}
	}
	return &keyHandle{live: live}
}

// keyHandle is a source in use.
type keyHandle struct {
	set  *keys.Set
	live *remote.Source
}

// keys is the set as it is now.
func (h *keyHandle) keys() *keys.Set {
	if h.live != nil {
		return h.live.Set()
	}
	return h.set
}

// close ends the use.
func (h *keyHandle) close() {
	if h.live != nil {
		h.live.Release()
	}
}
