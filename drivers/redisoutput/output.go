package redisoutput

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/drivers"
	hostredis "github.com/eolinker/apinto/drivers/resources/redis"
	"github.com/eolinker/apinto/resources"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/log"
)

// output is a Redis output that has a connection, or tries to get one.
type output struct {
	drivers.WorkerBase
	cache
	// make makes the host's worker of a configuration; it fails if Redis does not answer.
	make    func(config any) (eosc.IWorker, error)
	waiting func(attempt int) time.Duration

	mu     sync.Mutex
	config any
	worker eosc.IWorker // the host's, started; nil: there is none yet
	stop   context.CancelFunc
	again  chan struct{} // has the attempts go on at once
}

var (
	_ eosc.IWorker       = (*output)(nil)
	_ resources.ICache   = (*output)(nil)
	_ resources.IVectors = (*output)(nil)
)

// The time between two attempts, and how long the host waits for the first. It makes its workers one after another, and
// must not stand still for one of them.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 5 * time.Second
	hostWaits   = 2 * time.Second
)

// doubling returns the time after the n-th attempt, from 0.
func doubling(n int) time.Duration { return min(longestWait, firstWait<<min(n, 10)) }

// newOutput begins to connect.
func newOutput(id, name string, config any, create func(any) (eosc.IWorker, error)) *output {
	o := &output{WorkerBase: drivers.Worker(id, name), make: create, waiting: doubling}
	o.begin(config)
	return o
}

// begin tries with a configuration, in place of the one before, and waits a moment for the first attempt.
func (o *output) begin(config any) {
	ctx, stop := context.WithCancel(context.Background())
	first, again := make(chan struct{}), make(chan struct{}, 1)
	o.mu.Lock()
	if o.stop != nil {
		o.stop()
	}
	o.config, o.stop, o.again = config, stop, again
	o.mu.Unlock()
	go o.keepTrying(ctx, config, sync.OnceFunc(func() { close(first) }), again)
	timer := time.NewTimer(hostWaits)
	defer timer.Stop()
	select {
	case <-first:
	case <-timer.C:
	}
}

// keepTrying tries until there is a connection, or another configuration. It calls tried after the first attempt.
func (o *output) keepTrying(ctx context.Context, config any, tried func(), again <-chan struct{}) {
	defer tried()
	for n := 0; ctx.Err() == nil; n++ {
		err := o.attempt(ctx, config)
		tried()
		if err == nil {
			if n > 0 {
				log.Infof("[jwt] output %s has its Redis back", o.Id())
			}
			return
		}
		if n == 0 {
			log.Warnf("[jwt] output %s has no connection to its Redis, and goes on trying: %s", o.Id(), err)
		}
		timer := time.NewTimer(o.waiting(n))
		select {
		case <-ctx.Done():
		case <-again:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// errPanic is a fault of the host's driver.
var errPanic = errors.New("the host's driver has failed")

// attempt connects, and puts the host's worker in the place of the one before. That one is stopped first, as the host
// finds both by the same ID.
func (o *output) attempt(ctx context.Context, config any) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	worker, err := o.make(config)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if ctx.Err() != nil { // the worker has no connection that would have to be closed before it is started
		return nil
	}
	o.halt()
	if err := worker.Start(); err != nil {
		return err
	}
	o.worker = worker
	o.use(worker)
	return nil
}

// halt stops the host's worker. The lock is held.
func (o *output) halt() {
	if o.worker == nil {
		return
	}
	o.use(nil)
	if err := o.worker.Stop(); err != nil {
		log.DebugF("[jwt] output %s: %s", o.Id(), err)
	}
	o.worker = nil
}

// Start implements eosc.IWorker; the output has begun when it was made.
func (o *output) Start() error { return nil }

// Reset takes another configuration. With the same one, it tries again at once if there is no connection.
func (o *output) Reset(config any, _ map[eosc.RequireId]eosc.IWorker) error {
	o.mu.Lock()
	same, connected, again := reflect.DeepEqual(config, o.config), o.worker != nil, o.again
	o.mu.Unlock()
	switch {
	case !same:
		o.begin(config)
	case !connected:
		select {
		case again <- struct{}{}:
		default:
		}
	}
	return nil
}

// Stop implements eosc.IWorker.
func (o *output) Stop() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stop()
	o.halt()
	return nil
}

// CheckSkill implements eosc.IWorker.
func (o *output) CheckSkill(skill string) bool { return (*hostredis.Worker)(nil).CheckSkill(skill) }

// cache is the interface of the host's worker; while there is none, each call answers with an error.
type cache struct{ now atomic.Pointer[connection] }

// connection is the two roles of the host's worker.
type connection struct {
	resources.ICache
	resources.IVectors
}

// none is without a connection.
var none = &connection{&hostredis.Empty{}, &hostredis.Empty{}}

// use puts a worker of the host in use; nil: none.
func (c *cache) use(worker eosc.IWorker) {
	cache, isCache := worker.(resources.ICache)
	vectors, isVectors := worker.(resources.IVectors)
	if !isCache || !isVectors {
		c.now.Store(none)
		return
	}
	c.now.Store(&connection{cache, vectors})
}

// get returns the present connection.
func (c *cache) get() *connection {
	if now := c.now.Load(); now != nil {
		return now
	}
	return none
}
