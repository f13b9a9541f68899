package origin

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
)

// pending is a request for the set at a URL. It is made beside the request for the document that will name the URL, as it did the
// last time. Requests wait for both.
type pending struct {
	url      *url.URL
	answer   *answer
	err      error
	panicked *Panic        // nil if the request's goroutine did not panic
	done     chan struct{} // closed when the fields above are final
}

// Panic is the value of a panic that goes on from another goroutine.
type Panic struct {
	// Stack of the goroutine that panicked first.
	Stack []byte
}

// send begins a request. Its goroutine ends with the context at the latest.
func (o *Origin) send(ctx context.Context, client *http.Client, u *url.URL) *pending {
	p := &pending{url: u, done: make(chan struct{})}
	etag := o.tag(u)
	go func() {
		defer close(p.done)
		defer func() {
			if recover() != nil {
				p.panicked = &Panic{debug.Stack()}
			}
		}()
		p.answer, p.err = get(ctx, client, u, etag)
	}()
	return p
}

// wait waits for the answer. A panic of the request's goroutine goes on in this one, as a *Panic.
func (p *pending) wait(ctx context.Context) (*answer, error) {
	select {
	case <-p.done:
		if p.panicked != nil {
			panic(p.panicked)
		}
		return p.answer, p.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", Redact(p.url), ctx.Err())
	}
}
