package remote

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"apinto-jwt/keys"
)

// maxDiscoveryAge is how long a discovery document is used at most.
const maxDiscoveryAge = time.Hour

// origin is where a set comes from, and what is remembered of the last time. One goroutine uses it.
type origin struct {
	config     Config
	proxy      func(*http.Request) (*url.URL, error)
	timeout    time.Duration
	wanted     func(issuer string) bool // tells whether anybody wants keys of the issuer
	document   *discovered              // nil where there is none, or it is to be read again
	discovered time.Time
	etag       string
	etagOf     string // the URL that the entity tag came from
}

// fetched is a good answer: a set, or the word that it is the same.
type fetched struct {
	set      *keys.Set // nil for "the same"
	warnings []string
	interval time.Duration
	issuer   string // of the discovery document, empty where there is none
	endpoint string // for people
}

// fetch asks the origin. After a failure the next time begins at the beginning: with discovery, without entity tag.
func (o *origin) fetch(ctx context.Context, now time.Time) (*fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	f, err := o.ask(ctx, now)
	if err != nil {
		o.forget()
		return nil, err
	}
	return f, nil
}

// forget makes the next fetch begin at the beginning. It must be called when the set is given up: "the same" would then
// mean nothing.
func (o *origin) forget() { o.document, o.etag = nil, "" }

func (o *origin) ask(ctx context.Context, now time.Time) (*fetched, error) {
	client, err := newClient(o.config, o.proxy)
	if err != nil {
		return nil, err
	}
	if o.document != nil && now.Sub(o.discovered) < o.documentAge() {
		return o.keySet(ctx, client, now)
	}
	u, err := checkURL(o.config.URL, o.config.AllowHTTP)
	if err != nil {
		return nil, err
	}
	a, err := get(ctx, client, u, o.tag(u))
	if err != nil {
		return nil, err
	}
	if a.same || !isDiscovery(u, a.body) {
		o.document = nil
		return o.read(a, now)
	}
	if o.document, err = discover(u, a.body, o.config.AllowHTTP); err != nil {
		return nil, err
	}
	o.discovered = now
	if issuer := o.document.issuer; !o.wanted(issuer) {
		return nil, fmt.Errorf("%s: %w: %.200q", shown(u), ErrIssuer, issuer)
	}
	return o.keySet(ctx, client, now)
}

// documentAge is how long a discovery document is used: until the next regular refresh, but not read again by who asks for a
// fetch in between, and waits for it.
func (o *origin) documentAge() time.Duration { return min(maxDiscoveryAge, o.config.Refresh/10*9) }

// keySet fetches the set that the document names.
func (o *origin) keySet(ctx context.Context, client *http.Client, now time.Time) (*fetched, error) {
	a, err := get(ctx, client, o.document.keySet, o.tag(o.document.keySet))
	if err != nil {
		return nil, err
	}
	f, err := o.read(a, now)
	if err != nil {
		return nil, err
	}
	f.issuer = o.document.issuer
	return f, nil
}

// read takes the set from an answer. All algorithms are let in: each user narrows the set to its own.
func (o *origin) read(a *answer, now time.Time) (*fetched, error) {
	f := &fetched{interval: o.config.interval(a.header, now), endpoint: shown(a.from)}
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
