package store

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// memory is the process's own store. Other nodes do not see it, and it ends with the process. It is not the host's
// resources.LocalCache, which has 2 MiB for all plugins and forgets the oldest entry when it is full. Whoever fails to
// log in often enough could have a revocation forgotten there.
type memory struct {
	now      func() time.Time
	mu       sync.Mutex
	families *expiring[*family]
	owners   map[string][]string // The live families of each owner, oldest first.
	counters *expiring[*counter]
}

var _ Store = (*memory)(nil)

// family is the tokens of one login.
type family struct {
	owner      string               // Empty if the family never began.
	generation int                  // Of the refresh token that is out, from 1; 0 if the family never began.
	answer     string               // That carried it; empty before the first rotation.
	delivered  time.Time            // When the answer could first be given; zero before.
	dead       bool                 // Whether the family has been ended.
	revoked    map[string]time.Time // The IDs of revoked tokens, each with the time until when that matters.
}

// The bounds of the process's store. When it is full, nothing is given out until something expires. Revoked tokens
// without a session take half of it at most.
const (
	maxFamilies = 200_000
	maxCounters = 100_000
)

// NewMemory returns a store in the process, by this clock.
func NewMemory(now func() time.Time) Store { return newMemory(now) }

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, families: newExpiring[*family](), owners: make(map[string][]string), counters: newExpiring[*counter]()}
}

// sweep removes some of what has expired.
func (m *memory) sweep(now time.Time) {
	for range expireAtOnce {
		if id, f, ok := m.families.expired(now); ok {
			m.forget(id, f)
		}
		m.counters.expired(now)
	}
}

// forget removes a family from its owner's list.
func (m *memory) forget(id string, f *family) {
	list := m.owners[f.owner]
	if i := slices.Index(list, id); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	if m.owners[f.owner] = list; len(list) == 0 {
		delete(m.owners, f.owner)
	}
}

// kill ends a family.
func (m *memory) kill(id string, f *family) {
	f.dead, f.answer, f.revoked = true, "", nil
	m.forget(id, f)
}

// family returns the family as it is now; nil if there is none.
func (m *memory) family(id string, now time.Time) *family {
	f, _ := m.families.get(id, now)
	return f
}

// keep returns the family, making it if there is none, and knows it for at least this long.
func (m *memory) keep(id string, now time.Time, keep time.Duration) (*family, error) {
	m.sweep(now)
	f := m.family(id, now)
	if f == nil {
		if m.families.len() >= maxFamilies {
			return nil, errFull
		}
		f = new(family)
	}
	m.families.put(id, f, now.Add(keep))
	return f, nil
}

func (m *memory) Begin(id, owner string, sessions int, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	f, err := m.keep(id, now, keep)
	if err != nil {
		return err
	}
	f.owner, f.generation = owner, 1
	m.owners[owner] = append(m.owners[owner], id)
	if len(m.owners[owner]) > sessions {
		m.shorten(owner, sessions, now)
	}
	return nil
}

// shorten leaves the owner this many families: those that have expired go, and then the oldest end.
func (m *memory) shorten(owner string, sessions int, now time.Time) {
	live := slices.DeleteFunc(m.owners[owner], func(id string) bool { return m.family(id, now) == nil })
	m.owners[owner] = live
	for _, id := range slices.Clone(live[:max(0, len(live)-sessions)]) {
		m.kill(id, m.family(id, now))
	}
}

func (m *memory) Rotate(id string, generation int, answer string, keep time.Duration) (Rotation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	f := m.family(id, now)
	switch {
	case f == nil || f.dead || f.generation == 0:
		return Rotation{Outcome: Unknown}, nil
	case f.generation == generation:
		f.generation++
		f.delivered, f.answer = time.Time{}, answer
		m.families.put(id, f, now.Add(keep))
		return Rotation{Outcome: Rotated}, nil
	case f.generation == generation+1 && (f.delivered.IsZero() || now.Sub(f.delivered) <= grace):
		return Rotation{Repeated, f.answer}, nil
	}
	m.kill(id, f)
	return Rotation{Outcome: Reused}, nil
}

func (m *memory) Delivered(id string, generation int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if f := m.family(id, now); f != nil && f.generation == generation+1 && f.delivered.IsZero() {
		f.delivered = now
	}
	return nil
}

func (m *memory) End(id string, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := m.keep(id, m.now(), keep)
	if err == nil {
		m.kill(id, f)
	}
	return err
}

func (m *memory) Revoke(id string, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, name := m.now(), familyOf(id)
	if m.family(name, now) == nil && m.families.len() >= maxFamilies/2 { // the other half is for logins
		return errFull
	}
	f, err := m.keep(name, now, keep)
	if err != nil || f.dead {
		return err
	}
	if f.revoked == nil {
		f.revoked = make(map[string]time.Time)
	}
	f.revoked[id] = now.Add(keep)
	if len(f.revoked) <= maxRevoked {
		return nil
	}
	maps.DeleteFunc(f.revoked, func(_ string, until time.Time) bool { return !until.After(now) })
	if len(f.revoked) > maxRevoked/2 {
		m.kill(name, f)
	}
	return nil
}

func (m *memory) Ended(id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.family(familyOf(id), m.now())
	if f == nil {
		return false, nil
	}
	_, revoked := f.revoked[id]
	return f.dead || revoked, nil
}

func (m *memory) Current(id string, generation int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.family(id, m.now())
	return f != nil && !f.dead && f.generation == generation, nil
}
