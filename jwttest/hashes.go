package jwttest

import (
	"sync"
	"sync/atomic"
)

// Hashes is the host's store of hashes, made as the host's is: a lock, and maps that are replaced whole, or dropped when
// they are empty.
type Hashes struct {
	mu    sync.RWMutex
	data  map[string]map[string]string
	asked atomic.Int64
}

// GetAll returns a whole hash.
func (h *Hashes) GetAll(name string) (map[string]string, bool) {
	h.asked.Add(1)
	h.mu.RLock()
	defer h.mu.RUnlock()
	m, ok := h.data[name]
	return m, ok
}

// Asked returns how often somebody has read a hash.
func (h *Hashes) Asked() int64 { return h.asked.Load() }

// Put replaces a hash; pairs of field and value.
func (h *Hashes) Put(name string, pairs ...string) {
	m := make(map[string]string, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.data == nil {
		h.data = make(map[string]map[string]string)
	}
	if len(m) == 0 {
		delete(h.data, name)
		return
	}
	h.data[name] = m
}
