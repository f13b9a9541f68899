package jwttoken

import (
	"sync"
	"time"
)

// memory is the process's own store. Other nodes do not see it, and it ends with the process. It is not the host's
// resources.LocalCache: that has 2 MiB for all plugins and forgets the oldest entry when it is full, so that whoever
// fails to log in often enough could have a revocation forgotten.
type memory struct {
	now      func() time.Time
	mu       sync.Mutex
	families map[string]*family
	counters map[string]*counter // By digest: a user's name may be as long as a request.
	swept    time.Time
}

// family is one login's tokens.
type family struct {
	expires    time.Time
	generation int
	turnedAt   time.Time
	again      bool // the answer may be given again
	answer     string
	dead       bool
	revoked    map[string]struct{}
}

// counter counts attempts.
type counter struct {
	count   int
	expires time.Time
}

// The bounds of the process's store. When it is full, nothing is given out until something expires.
const (
	maxFamilies = 200_000
	maxCounters = 100_000
	sweepEvery  = 10 * time.Second
)

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, families: make(map[string]*family), counters: make(map[string]*counter)}
}

// sweep drops what has expired, now and then, or at once where there is no room left.
func (m *memory) sweep(now time.Time) {
	full := len(m.families) >= maxFamilies || len(m.counters) >= maxCounters
	if since := now.Sub(m.swept); since < sweepEvery && since >= 0 && (!full || since < time.Second) {
		return
	}
	m.swept = now
	for id, f := range m.families {
		if !f.expires.After(now) {
			delete(m.families, id)
		}
	}
	for name, c := range m.counters {
		if !c.expires.After(now) {
			delete(m.counters, name)
		}
	}
}

// family is the family as it is now; nil where there is none.
func (m *memory) family(id string, now time.Time) *family {
	if f := m.families[id]; f != nil && f.expires.After(now) {
		return f
	}
	return nil
}

// keep is the family, made where there is none, known for at least this long.
func (m *memory) keep(id string, now time.Time, keep time.Duration) (*family, error) {
	m.sweep(now)
	f := m.family(id, now)
	if f == nil {
		if len(m.families) >= maxFamilies {
			return nil, errFull
		}
		f = new(family)
		m.families[id] = f
	}
	if expires := now.Add(keep); expires.After(f.expires) {
		f.expires = expires
	}
	return f, nil
}

func (m *memory) begin(id string, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.keep(id, m.now(), keep)
	if err == nil {
		f.generation = 1
	}
	return err
}

func (m *memory) rotate(id string, generation int, now time.Time, answer string, keep time.Duration) (turn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.family(id, now)
	switch {
	case f == nil || f.dead || f.generation == 0:
		return turn{outcome: turnedNever}, nil
	case f.generation == generation:
		f.generation++
		f.turnedAt, f.again, f.answer, f.expires = now, true, answer, now.Add(keep)
		return turn{outcome: turned}, nil
	case f.generation == generation+1 && f.again && now.Sub(f.turnedAt) <= grace:
		f.again = false
		return turn{turnedBefore, f.answer}, nil
	}
	f.dead, f.answer = true, ""
	return turn{outcome: turnedTwice}, nil
}

func (m *memory) end(id string, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.keep(id, m.now(), keep)
	if err == nil {
		f.dead, f.answer = true, ""
	}
	return err
}

func (m *memory) revoke(id string, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.keep(familyOf(id), m.now(), keep)
	if err != nil {
		return err
	}
	if f.revoked == nil {
		f.revoked = make(map[string]struct{})
	}
	f.revoked[id] = struct{}{}
	return nil
}

func (m *memory) ended(id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.family(familyOf(id), m.now())
	if f == nil {
		return false, nil
	}
	_, revoked := f.revoked[id]
	return f.dead || revoked, nil
}

func (m *memory) current(id string, generation int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.family(id, m.now())
	return f != nil && !f.dead && f.generation == generation, nil
}

func (m *memory) take(name string, period time.Duration) (int, time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	m.sweep(now)
	name = digest(name)
	c := m.counters[name]
	if c == nil || !c.expires.After(now) {
		if c == nil && len(m.counters) >= maxCounters {
			return 0, 0, errFull
		}
		c = &counter{expires: now.Add(period)}
		m.counters[name] = c
	}
	c.count++
	return c.count, c.expires.Sub(now), nil
}

func (m *memory) giveBack(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	name = digest(name)
	if c := m.counters[name]; c != nil && c.count > 0 {
		c.count--
		if c.count == 0 {
			delete(m.counters, name)
		}
	}
	return nil
}
