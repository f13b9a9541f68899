// Package load sends HTTP requests: as fast as they are answered, or at a fixed rate.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Request is the request that is sent again and again.
type Request struct {
	URL    string
	Header string   // its name, empty for none
	Values []string // the header's values, in turn
	// Make makes the value of the n-th request, from 0, in place of Values; wrk cannot.
	Make        func(n int) string
	Body        int // bytes of a POST's body; 0: a GET
	Connections int // at most as many requests are under way; 0: Connections
}

// Connections bounds the requests under way if a Request does not say it.
const Connections = 32

// connections returns the number to use.
func (r Request) connections() int {
	if r.Connections == 0 {
		return Connections
	}
	return r.Connections
}

// Sample is the outcome of one run of load.
type Sample struct {
	Rate float64       // requests a second
	Sent int           // requests
	P50  time.Duration // half of the requests were answered within
	P99  time.Duration // 99 of 100 were answered within
	// Failed is the number of requests that failed or were refused; 0 with wrk, which does not say it.
	Failed int
}

// Loader sends a request as fast as it is answered, values in turn.
type Loader interface {
	Name() string
	Run(ctx context.Context, r Request, duration time.Duration) (Sample, error)
}

// New returns wrk if it is installed, else a loader of our own.
func New(progress io.Writer) Loader {
	path, err := findWrk()
	if err == nil {
		return &wrk{path: path}
	}
	fmt.Fprintln(progress, "load: wrk is not installed (Debian: apt-get install wrk); the built-in loader is used, which takes more of the machine for itself")
	return BuiltIn{}
}

// ErrRefused reports answers other than 200: the measurement is of no use.
var ErrRefused = errors.New("requests failed or were refused")
