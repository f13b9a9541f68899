package remote

import (
	"context"
	"sync"
	"time"
)

// demand decides when a set is fetched next, and holds those who wait for it.
type demand struct {
	interval time.Duration // between fetches that are asked for
	patience time.Duration // of one who waits
	most     int           // who wait
	clock    Clock
	wake     chan struct{} // has one element when next has come nearer

	mu        sync.Mutex
	next      time.Time     // zero: at once
	flight    chan struct{} // closed when the fetch under way, or about to be, has ended; nil where there is none
	asked     time.Time     // of the last fetch that was asked for
	postponed bool          // next is there because somebody asked too soon
	landings  uint64        // fetches that have ended
	waiting   int
}

// init makes the first fetch due. Who asks before it has ended waits for it.
func (d *demand) init(o Options) {
	d.interval, d.patience, d.most, d.clock = o.DemandInterval, o.Wait, o.MaxWaiters, o.Clock
	d.wake = make(chan struct{}, 1)
	d.flight = make(chan struct{})
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

// takeOff begins a fetch.
func (d *demand) takeOff(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.flight == nil {
		d.flight = make(chan struct{})
	}
	if d.postponed {
		d.asked, d.postponed = now, false
	}
}

// land ends a fetch and lets go those who wait.
func (d *demand) land() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.landings++
	if d.flight != nil {
		close(d.flight)
		d.flight = nil
	}
}

// landed is how many fetches have ended.
func (d *demand) landed() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.landings
}

// ask asks for a fetch. The channel is closed when it has ended; nil for one who is not to wait. Where a fetch has ended
// since there were so many landings, another is not needed: who asks has not seen yet what that one has brought.
func (d *demand) ask(landings uint64) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.flight == nil {
		if d.landings != landings {
			return nil
		}
		now := d.clock.Now()
		if earliest := d.asked.Add(d.interval); now.Before(earliest) {
			if earliest.Before(d.next) {
				d.advance(earliest)
				d.postponed = true
			}
			return nil
		}
		d.asked, d.flight = now, make(chan struct{})
		d.advance(now)
	}
	if d.waiting >= d.most {
		return nil
	}
	d.waiting++
	return d.flight
}

// advance brings the next fetch nearer.
func (d *demand) advance(next time.Time) {
	d.next = next
	select {
	case d.wake <- struct{}{}:
	default: // it has been told already
	}
}

// leave ends one's waiting.
func (d *demand) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting--
}

// await asks for a fetch and waits for its end, as far as that is allowed. None may have ended since there were so many
// landings.
func (f *fetcher) await(ctx context.Context, landings uint64) {
	flight := f.demand.ask(landings)
	if flight == nil {
		return
	}
	defer f.demand.leave()
	patience := time.NewTimer(f.demand.patience)
	defer patience.Stop()
	select {
	case <-flight:
	case <-patience.C:
	case <-ctx.Done():
	case <-f.ctx.Done():
	}
}
