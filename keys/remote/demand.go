package remote

import (
	"sync"
	"time"
)

// demand decides when a set is fetched next, and lets those go who wait for it. They need no place in a queue: each is a request
// that the host holds anyway, for as long as its deadline allows. One closed channel lets all of them go.
type demand struct {
	interval time.Duration // between fetches that are asked for
	clock    Clock
	wake     chan struct{} // has one element when the goroutine that fetches must look again

	mu        sync.Mutex
	next      time.Time // of the next fetch; zero for at once
	fetch     *fetch    // under way, or about to be; nil if there is none
	asked     time.Time // of the last fetch that was asked for
	postponed bool      // next is there because somebody asked too soon
	completed uint64    // number of fetches that have ended
}

// fetch is one fetch, from the moment when somebody waits for it.
type fetch struct {
	done    chan struct{} // closed at its end
	started bool
	good    bool // the set was fetched or confirmed; to be read after the end
}

// newFetch makes a fetch that has not started.
func newFetch() *fetch { return &fetch{done: make(chan struct{})} }

// init makes the first fetch due. Who asks before it has ended waits for it.
func (d *demand) init(o Options) {
	d.interval, d.clock = o.DemandInterval, o.Clock
	d.wake = make(chan struct{}, 1)
	d.fetch = newFetch()
}

// due returns when the next fetch is to be made.
func (d *demand) due() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.next
}

// schedule sets when the next fetch is to be made.
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

// start begins a fetch.
func (d *demand) start(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fetch == nil {
		d.fetch = newFetch()
	}
	d.fetch.started = true
	if d.postponed {
		d.asked, d.postponed = now, false
	}
}

// finish ends a fetch and lets go those who wait.
func (d *demand) finish(good bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.completed++
	if d.fetch != nil {
		d.fetch.good = good
		close(d.fetch.done)
		d.fetch = nil
	}
}

// completedFetches returns how many fetches have ended.
func (d *demand) completedFetches() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.completed
}

// ask asks for a fetch. It returns the one to wait for, nil if there is none; late reports whether that had started before. No
// other fetch is needed if more have ended than completed: who asks has not seen yet what the last one has brought.
func (d *demand) ask(completed uint64) (of *fetch, late bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fetch != nil {
		return d.fetch, d.fetch.started
	}
	if d.completed != completed {
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
	d.asked, d.fetch = now, newFetch()
	d.advance(now)
	return d.fetch, false
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
