package remote

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"apinto-jwt/keys"
)

// origin is where a set comes from, and what is remembered of the last time. One goroutine uses it.
type origin struct {
	config  Config // Config.trust
	proxy   func(*http.Request) (*url.URL, error)
	timeout time.Duration
	wanted  func(provenance) bool // tells whether anybody wants keys that come so
	keySet  *url.URL              // what the discovery document named; nil where there was none
	etag    string
	etagOf  string // the URL that the entity tag came from
}

// fetched is a good answer: a set, or the word that it is the same.
type fetched struct {
	set      *keys.Set // nil for "the same"
	warnings []string
	fresh    freshness
	origin   provenance
	endpoint string // for people
}

// fetch asks the origin. After a failure the next time begins at the beginning, without entity tag.
func (o *origin) fetch(ctx context.Context, allowHTTP bool, now time.Time) (*fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	f, err := o.ask(ctx, allowHTTP, now)
	if err != nil {
		o.forget()
		return nil, err
	}
	return f, nil
}

// forget makes the next fetch begin at the beginning. It must be called when the set is given up: "the same" would then
// mean nothing.
func (o *origin) forget() { o.keySet, o.etag = nil, "" }

func (o *origin) ask(ctx context.Context, allowHTTP bool, now time.Time) (*fetched, error) {
	client, err := newClient(o.config, o.proxy)
	if err != nil {
		return nil, err
	}
	u, err := checkURL(o.config.URL, allowHTTP)
	if err != nil {
		return nil, err
	}
	var early *pending
	if o.keySet != nil {
		early = o.send(ctx, client, o.keySet)
	}
	a, err := get(ctx, client, u, o.tag(u))
	if err != nil {
		return nil, err
	}
	if a.same || !isDiscovery(u, a.body) {
		o.keySet = nil
		return o.read(a, provenance{http: insecure(u)}, now)
	}
	d, err := discover(u, a.body, allowHTTP)
	if err != nil {
		return nil, err
	}
	by := provenance{issuer: d.issuer, http: insecure(u, d.keySet)}
	if err := o.unwanted(u, d, by); err != nil {
		return nil, err
	}
	if early == nil || early.url.String() != d.keySet.String() {
		early = o.send(ctx, client, d.keySet)
	}
	if a, err = early.wait(ctx); err != nil {
		return nil, err
	}
	o.keySet = d.keySet
	return o.read(a, by, now)
}

// unwanted tells why nobody wants what the document leads to.
func (o *origin) unwanted(from *url.URL, d *discovered, by provenance) error {
	switch {
	case o.wanted(by):
		return nil
	case o.wanted(provenance{issuer: d.issuer}):
		return fmt.Errorf("%s: jwks_uri %w: http is allowed to others only", shown(from), ErrURL)
	}
	return fmt.Errorf("%s: %w: %.200q", shown(from), ErrIssuer, d.issuer)
}

// insecure tells whether a way over these URLs is for those alone who allow http.
func insecure(way ...*url.URL) bool {
	protected := false // TLS so far
	for _, u := range way {
		if u.Scheme == "http" && (protected || !loopback(u.Hostname())) {
			return true
		}
		protected = protected || u.Scheme == "https"
	}
	return false
}

// pending is a request for the set at a URL. It is made at the same time as that for the document which, as it did the last time,
// is going to name the URL: requests wait for both.
type pending struct {
	url    *url.URL
	answer *answer
	err    error
	fault  *fault
	done   chan struct{}
}

// fault is a panic of another goroutine.
type fault struct{ stack []byte }

// send begins a request. Its goroutine ends with the context at the latest.
func (o *origin) send(ctx context.Context, client *http.Client, u *url.URL) *pending {
	p := &pending{url: u, done: make(chan struct{})}
	etag := o.tag(u)
	go func() {
		defer close(p.done)
		defer func() {
			if recover() != nil {
				p.fault = &fault{debug.Stack()}
			}
		}()
		p.answer, p.err = get(ctx, client, u, etag)
	}()
	return p
}

// wait waits for the answer. A panic of the request's goroutine goes on in this one.
func (p *pending) wait(ctx context.Context) (*answer, error) {
	select {
	case <-p.done:
		if p.fault != nil {
			panic(p.fault)
		}
		return p.answer, p.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", shown(p.url), ctx.Err())
	}
}

// read takes the set from an answer. All algorithms are let in: each user narrows the set to its own.
func (o *origin) read(a *answer, by provenance, now time.Time) (*fetched, error) {
	f := &fetched{fresh: freshnessOf(a.header, now), origin: by, endpoint: shown(a.from)}
	if a.same {
		return f, nil
	}
	var err error
	if f.set, f.warnings, err = keys.ParseJWKS(a.body, parseOptions); err != nil {
		return nil, fmt.Errorf("%s: the key set %w", shown(a.from), err)
	}
	o.etag, o.etagOf = a.header.Get("ETag"), a.from.String()
	return f, nil
}

// parseOptions let everything in that can be used at all.
var parseOptions = keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)}

// tag is the entity tag to send with a request for the URL.
func (o *origin) tag(u *url.URL) string {
	if o.etagOf == u.String() {
		return o.etag
	}
	return ""
}
