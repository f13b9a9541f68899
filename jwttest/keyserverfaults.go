package jwttest

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"
)

// behaviour is how a KeyServer answers.
type behaviour struct {
	body      string
	discovery string
	delay     time.Duration
	status    int
	location  string
	etags     bool
	header    http.Header
}

// change alters the behaviour from the next request on.
func (s *KeyServer) change(alter func(b *behaviour)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	alter(&s.behave)
}

// SetKeys serves these keys from now on.
func (s *KeyServer) SetKeys(keys ...JWK) { s.SetBody(JWKS(keys...)) }

// SetBody serves this text, garbage perhaps, in place of a key set.
func (s *KeyServer) SetBody(text string) { s.change(func(b *behaviour) { b.body = text }) }

// Oversize serves the present text, made this many bytes long with white space
// behind it.
func (s *KeyServer) Oversize(bytes int) {
	s.change(func(b *behaviour) { b.body += strings.Repeat(" ", max(0, bytes-len(b.body))) })
}

// Delay makes every answer wait.
func (s *KeyServer) Delay(d time.Duration) { s.change(func(b *behaviour) { b.delay = d }) }

// Fail answers every request with this status, 200 ends it.
func (s *KeyServer) Fail(status int) { s.change(func(b *behaviour) { b.status = status }) }

// Redirect answers requests for KeysPath with 302 to the location, "" ends it.
func (s *KeyServer) Redirect(location string) {
	s.change(func(b *behaviour) { b.location = location })
}

// SetHeader sends this header field, as Cache-Control, with every answer; an
// empty value ends it.
func (s *KeyServer) SetHeader(name, value string) {
	s.change(func(b *behaviour) {
		b.header.Del(name)
		if value != "" {
			b.header.Set(name, value)
		}
	})
}

// ETags sends entity tags and answers conditional requests (RFC 9110 §13.1.2).
func (s *KeyServer) ETags(on bool) { s.change(func(b *behaviour) { b.etags = on }) }

// Discovery serves a discovery document at DiscoveryPath that names this issuer
// and this key set.
func (s *KeyServer) Discovery(issuer, jwksURI string) {
	text := document(map[string]any{"issuer": issuer, "jwks_uri": jwksURI, "response_types_supported": []string{"code"}})
	s.change(func(b *behaviour) { b.discovery = text })
}

// serve answers one request.
func (s *KeyServer) serve(w http.ResponseWriter, r *http.Request) {
	b := s.note(r)
	select {
	case <-time.After(b.delay):
	case <-r.Context().Done():
		return
	}
	for name, values := range b.header {
		w.Header()[name] = values
	}
	body, found := b.bodyOf(r.URL.Path)
	switch {
	case b.status != 0 && b.status != http.StatusOK:
		http.Error(w, "told to fail", b.status)
	case b.location != "" && r.URL.Path == KeysPath:
		http.Redirect(w, r, b.location, http.StatusFound)
	case !found:
		http.NotFound(w, r)
	case b.etags && s.unchanged(w, r, body):
	default:
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}
}

// note counts the request; the behaviour is a copy that is safe to read.
func (s *KeyServer) note(r *http.Request) behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.URL.Path]++
	s.header = r.Header.Clone()
	b := s.behave
	b.header = b.header.Clone()
	return b
}

// bodyOf returns the content at the path.
func (b *behaviour) bodyOf(path string) (body string, found bool) {
	switch path {
	case KeysPath, MovedPath:
		return b.body, true
	case DiscoveryPath:
		return b.discovery, b.discovery != ""
	}
	return "", false
}

// unchanged sends the entity tag, and 304 if the client has it already.
func (s *KeyServer) unchanged(w http.ResponseWriter, r *http.Request, body string) bool {
	sum := sha256.Sum256([]byte(body))
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") != tag {
		return false
	}
	s.mu.Lock()
	s.same++
	s.mu.Unlock()
	w.WriteHeader(http.StatusNotModified)
	return true
}
