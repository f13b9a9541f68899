package remote

import "time"

// panicPause is how long a fetcher rests after a panic in it.
const panicPause = 10 * time.Second

// guarded does the work, and stops a panic in it, which would end the process. It reports whether there was none.
func (o Options) guarded(place string, work func()) (whole bool) {
	defer func() {
		if whole {
			return
		}
		if p := recover(); p != nil && o.Panicked != nil {
			o.Panicked(place)
		}
	}()
	work()
	return true
}

// keepRunning runs the fetcher until it is stopped: after a panic it goes on, later.
func (f *fetcher) keepRunning() {
	for !f.pool.options.guarded("the fetching of a key set", f.run) {
		c, stop := f.pool.options.Clock.Timer(panicPause)
		select {
		case <-c:
		case <-f.ctx.Done():
		}
		stop()
	}
}
