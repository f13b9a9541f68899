// Package load keeps a gateway on loopback under a constant, bounded load while
// something else happens, and says how many of its requests went wrong.
package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Options bound a run; it ends at whichever bound comes first, or with Stop.
type Options struct {
	Workers  int                      // requests in flight, 1 if zero
	Requests int                      // of all workers together; 0: no bound
	Duration time.Duration            // 0: 30 seconds
	Pause    time.Duration            // of each worker between two requests
	Vary     func(header http.Header) // changes the header of each request; nil: all are the same
}

// Result counts the answers.
type Result struct {
	Sent   int
	Failed int
	First  string // what the first failure was

	Slowest time.Duration // the longest wait for an answer
}

// Run is a load that is under way.
type Run struct {
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	left   int
	result Result
}

// Start sends GET requests to target with this header until a bound is reached.
// An answer other than 200, or none, is a failure. The target must be on
// loopback: this is no tool to load anybody else's machine with.
func Start(target string, header http.Header, options Options) (*Run, error) {
	if err := onLoopback(target); err != nil {
		return nil, err
	}
	if options.Duration <= 0 {
		options.Duration = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(context.Background(), options.Duration)
	run := &Run{cancel: cancel, left: options.Requests}
	if options.Requests == 0 {
		run.left = -1
	}
	transport := &http.Transport{MaxIdleConnsPerHost: max(1, options.Workers)}
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	for range max(1, options.Workers) {
		run.done.Add(1)
		go func() {
			defer run.done.Done()
			run.work(ctx, client, target, header, options)
		}()
	}
	return run, nil
}

// Stop ends the load, if it still runs, and returns what happened.
func (r *Run) Stop() Result {
	r.cancel()
	return r.Wait()
}

// Wait returns when a bound is reached.
func (r *Run) Wait() Result {
	r.done.Wait()
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}

// Sent counts the requests so far.
func (r *Run) Sent() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result.Sent
}

func (r *Run) work(ctx context.Context, client *http.Client, target string, header http.Header, options Options) {
	for ctx.Err() == nil && r.take() {
		own := header.Clone()
		if options.Vary != nil {
			options.Vary(own)
		}
		begin := time.Now()
		err := send(client, target, own)
		r.count(err, time.Since(begin))
		if options.Pause > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(options.Pause):
			}
		}
	}
}

func (r *Run) take() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == 0 {
		return false
	}
	if r.left > 0 {
		r.left--
	}
	return true
}

func (r *Run) count(err error, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Sent++
	r.result.Slowest = max(r.result.Slowest, took)
	if err == nil {
		return
	}
	if r.result.Failed == 0 {
		r.result.First = err.Error()
	}
	r.result.Failed++
}

// send does not take the run's context: a request that is cut off at the end of
// the run is not a failure of the gateway.
func send(client *http.Client, target string, header http.Header) error {
	request, err := http.NewRequest(http.MethodGet, target, http.NoBody)
	if err != nil {
		return err
	}
	request.Header = header
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

func onLoopback(target string) error {
	parsed, err := url.Parse(target)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if ip := net.ParseIP(parsed.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("load: %s is not on loopback", target)
	}
	return nil
}
