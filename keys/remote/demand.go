package remote

import (
	"sync"
	"time"
)

// demand decides when a set is fetched next, and lets those go who wait for it. They hold no place: each is a request that the
// host holds anyway, for as long as its deadline allows, and one closed channel lets all of them go.
type demand struct {
	interval time.Duration // between fetches that are asked for
	clock    Clock
	wake     chan struct{} // has one element when the goroutine that fetches must look again

	mu        sync.Mutex
	next      time.Time // zero: at once
	flight    *flight   // the fetch under way, or about to be; nil where there is none
	asked     time.Time // of the last fetch that was asked for
	postponed bool      // next is there because somebody asked too soon
	landings  uint64    // fetches that have ended
}

// flight is one fetch, from the moment when somebody waits for it.
type flight struct {
	ended chan struct{} // closed at its end
	begun bool
	good  bool // the set was fetched or confirmed; to be read after the end
}

// newFlight is a fetch that has not begun.
func newFlight() *flight { return &flight{ended: make(chan struct{})} }

// init makes the first fetch due. Who asks before it has ended waits for it.
func (d *demand) init(o Options) {
	d.interval, d.clock = o.DemandInterval, o.Clock
	d.wake = make(chan struct{}, 1)
	d.flight = newFlight()
}

// due is when the next fetch is to be made.
func (d *demand) due() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.next
}

// schedule says when the next fetch is to be made.
func (d *demand) schedule(next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next = next
}

// nearer is schedule for a time that may be earlier than what is scheduled.
func (d *demand) nearer(next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if next.Before(d.next) {
		d.advance(next)
	}
}

// takeOff begins a fetch.
func (d *demand) takeOff(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.flight == nil {
		d.flight = newFlight()
	}
	d.flight.begun = true
	if d.postponed {
		d.asked, d.postponed = now, false
	}
}

// land ends a fetch and lets go those who wait.
func (d *demand) land(good bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.landings++
	if d.flight != nil {
		d.flight.good = good
		close(d.flight.ended)
		d.flight = nil
	}
}

// landed is how many fetches have ended.
func (d *demand) landed() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.landings
}

// ask asks for a fetch. The result is the one to wait for, nil where there is none; late tells that it had begun before. Where a
// fetch has ended since there were so many landings, another is not needed: who asks has not seen yet what that one has brought.
func (d *demand) ask(landings uint64) (of *flight, late bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.flight != nil {
		return d.flight, d.flight.begun
	}
	if d.landings != landings {
		return nil, false
	}
	now := d.clock.Now()
	if earliest := d.asked.Add(d.interval); now.Before(earliest) {
		if earliest.Before(d.next) {
			d.advance(earliest)
			d.postponed = true
		}
		return nil, false
	}
	d.asked, d.flight = now, newFlight()
	d.advance(now)
	return d.flight, false
}

// advance brings the next fetch nearer. The lock is held.
func (d *demand) advance(next time.Time) {
	d.next = next
	d.rouse()
}

// rouse has the goroutine that fetches look again.
func (d *demand) rouse() {
	select {
	case d.wake <- struct{}{}:
	default: // it has been told already
	}
}
