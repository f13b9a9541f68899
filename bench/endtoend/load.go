package endtoend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// connections is how many requests are under way at any time.
const connections = 32

// request is the request that is sent again and again.
type request struct {
	url    string
	header string // its name, empty for none
	values []string
}

// sample is the outcome of one run of load.
type sample struct {
	rate float64       // requests a second
	sent int           // requests
	p99  time.Duration // 99 of 100 were answered within
}

// loader sends a request as fast as it is answered, values in turn.
type loader interface {
	name() string
	run(ctx context.Context, r request, duration time.Duration) (sample, error)
}

// newLoader returns wrk if it is installed, else a loader of our own.
func newLoader(progress io.Writer) loader {
	path, err := findWrk()
	if err == nil {
		return &wrk{path: path}
	}
	fmt.Fprintln(progress, "end to end: wrk is not installed (Debian: apt-get install wrk); the built-in loader is used, which takes more of the machine for itself")
	return goLoader{}
}

// errRefused says that answers other than 200 came: what was measured is not what was meant.
var errRefused = errors.New("requests failed or were refused")
