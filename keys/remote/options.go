package remote

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// Level is how much a line in the log matters.
type Level int

// The levels.
const (
	// Info: something changed, as it should.
	Info Level = iota
	// Warn: something is wrong, and requests are served all the same.
	Warn
	// Error: requests are refused for it.
	Error
)

// Defaults of Options.
const (
	DefaultTimeout        = 5 * time.Second
	DefaultWait           = 500 * time.Millisecond
	DefaultDemandInterval = 10 * time.Second
)

// Options are the settings of all sets of a Pool. The zero value is ready for use.
type Options struct {
	// Dir is the directory of the last good sets, which the next start reads, one file a set. It is made if it is not there, for
	// this user alone. Sets with shared secrets are never written. Default: nowhere.
	Dir string
	// Log takes one line an event; it never has key material in it. Default: nowhere.
	Log func(level Level, message string)
	// Panicked is told of a panic that was stopped in a goroutine of the pool, which goes on later; place says which. It is
	// called while the stack is still that of the panic. Default: nobody is told.
	Panicked func(place string)
	// Clock is the time that schedules are made by. Default: the system's.
	Clock Clock
	// Proxy is http.Transport.Proxy. Default: no proxy, whatever the environment says.
	Proxy func(*http.Request) (*url.URL, error)
	// Timeout is how long one fetch may take as a whole: discovery, redirects and bodies. Default DefaultTimeout.
	Timeout time.Duration
	// Wait is how long one call of Source.Refresh may wait at most. Default DefaultWait.
	Wait time.Duration
	// DemandInterval is how often Source.Refresh may have a set fetched. Default DefaultDemandInterval.
	DemandInterval time.Duration
	// Random is a number in [0, 1) for the jitter. Default: math/rand/v2.
	Random func() float64
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = func(Level, string) {}
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Wait == 0 {
		o.Wait = DefaultWait
	}
	if o.DemandInterval == 0 {
		o.DemandInterval = DefaultDemandInterval
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

// jitter is d, 10 % more or less, so that gateways that were started together do not ask together.
func (o Options) jitter(d time.Duration) time.Duration {
	return d + time.Duration((2*o.Random()-1)*float64(d)/10)
}
