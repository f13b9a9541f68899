package jwttoken

import "time"

// counter counts attempts in the process's own store.
type counter struct {
	counted int
	open    map[string]time.Time // until when the outcome may be open; it counts then
}

// full tells what the counter says where it leaves no room.
func (c *counter) full(now time.Time) standing {
	for _, until := range c.open {
		if until.After(now) {
			return open
		}
	}
	return refused
}

func (m *memory) reserve(name, id string, l limit) (standing, time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	m.sweep(now)
	name = digest(name) // a user's name may be as long as a request
	c, known := m.counters.get(name, now)
	switch {
	case known && c.counted+len(c.open) >= l.most:
		return c.full(now), m.counters.entries[name].until.Sub(now), nil
	case !known:
		m.counters.remove(name) // it may have expired
		if m.counters.len() >= maxCounters {
			return refused, 0, errFull
		}
		c = &counter{open: make(map[string]time.Time)}
		m.counters.put(name, c, now.Add(l.period))
	}
	if l.lease == 0 {
		c.counted++
	} else {
		c.open[id] = now.Add(l.lease)
	}
	return reserved, 0, nil
}

func (m *memory) settle(name, id string, counts bool) error {
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
