package store

import "time"

// counter counts attempts in the process's own store.
type counter struct {
	counted int                  // Attempts whose outcome counts.
	open    map[string]time.Time // The IDs of others, each with the time when it counts unless settled before.
}

// full returns what the counter says if it leaves no room.
func (c *counter) full(now time.Time) Standing {
	for _, until := range c.open {
		if until.After(now) {
			return Open
		}
	}
	return Refused
}

func (m *memory) Reserve(name, id string, l Limit) (Standing, time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	m.sweep(now)
	name = digest(name) // a user's name may be as long as a request
	c, known := m.counters.get(name, now)
	switch {
	case known && c.counted+len(c.open) >= l.Max:
		return c.full(now), m.counters.entries[name].until.Sub(now), nil
	case !known:
		m.counters.remove(name) // it may have expired
		if m.counters.len() >= maxCounters {
			return Refused, 0, errFull
		}
		c = &counter{open: make(map[string]time.Time)}
		m.counters.put(name, c, now.Add(l.Period))
	}
	if l.Lease == 0 {
		c.counted++
	} else {
		c.open[id] = now.Add(l.Lease)
	}
	return Reserved, 0, nil
}

func (m *memory) Settle(name, id string, counts bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	name = digest(name)
	c, known := m.counters.get(name, m.now())
	if !known {
		return nil
	}
	if _, there := c.open[id]; !there {
		return nil
	}
	delete(c.open, id)
	switch {
	case counts:
		c.counted++
	case c.counted == 0 && len(c.open) == 0:
		m.counters.remove(name)
	}
	return nil
}
