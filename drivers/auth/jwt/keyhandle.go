package jwt

import (
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// open begins the use of a source's keys. A source that is fetched begins with that, unless fetch is nil, as it is in
// a process that serves no requests.
func open(s *rule.KeySource, pool *remote.Pool, onChange func()) *held {
	if s.Remote == nil || pool == nil {
		return &held{set: s.Set}
	}
	live, err := pool.Acquire(*s.Remote, onChange)
	if err != nil { // the configuration was checked when the rule was compiled
		return &held{}
	}
	return &held{live: live}
}

// held is a source in use.
type held struct {
	set  *keys.Set
	live *remote.Source
}

// keys is the set as it is now.
func (h *held) keys() *keys.Set {
	if h.live != nil {
		return h.live.Set()
	}
	return h.set
}

// close ends the use.
func (h *held) close() {
	if h.live != nil {
		h.live.Release()
	}
}
