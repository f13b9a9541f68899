package origin

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"apinto-jwt/keys"
)

// Config is the source of a set, and how it is asked for.
type Config struct {
	// URL of the set, or of a discovery document that names it.
	URL string
	// CA is PEM text of the certificate authorities to trust; empty for the system's.
	CA string
	// CAFile is a file with the same, read anew for each fetch; empty for none.
	CAFile string
	// Proxy is http.Transport.Proxy; nil for no proxy.
	Proxy func(*http.Request) (*url.URL, error)
	// Timeout of one fetch as a whole: discovery, redirects and bodies.
	Timeout time.Duration
	// Wanted reports whether anybody wants keys that come so.
	Wanted func(Provenance) bool
}

// Origin is the source of a set, with the results of the last fetch. One goroutine uses it.
type Origin struct {
	config Config
	keySet *url.URL // what the discovery document named; nil if there was none
	etag   string   // entity tag of the last set; empty for none
	etagOf string   // URL that the entity tag came from
}

// New makes an origin that has fetched nothing yet.
func New(c Config) *Origin { return &Origin{config: c} }

// Result is a good answer: a set, or the word that it is the same.
type Result struct {
	// Set is nil for "the same".
	Set *keys.Set
	// Warnings name the keys that were skipped.
	Warnings []string
	// Freshness of the answer.
	Freshness Freshness
	// Provenance of the set.
	Provenance Provenance
	// Endpoint is the URL of the set, for people.
	Endpoint string
}

// Fetch asks the origin for its set. It looks at URLs with allowHTTP, and reckons freshness from now. After a failure the next
// fetch begins at the beginning, without entity tag.
func (o *Origin) Fetch(ctx context.Context, allowHTTP bool, now time.Time) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, o.config.Timeout)
	defer cancel()
	r, err := o.fetch(ctx, allowHTTP, now)
	if err != nil {
		o.Forget()
		return nil, err
	}
	return r, nil
}

// Forget makes the next fetch begin at the beginning. It must be called when the set is given up: "the same" would then
// mean nothing.
func (o *Origin) Forget() { o.keySet, o.etag = nil, "" }

// fetch is Fetch without the deadline.
func (o *Origin) fetch(ctx context.Context, allowHTTP bool, now time.Time) (*Result, error) {
	client, err := newClient(o.config)
	if err != nil {
		return nil, err
	}
	u, err := CheckURL(o.config.URL, allowHTTP)
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
		return o.read(a, Provenance{HTTP: insecure(u)}, now)
	}
	next, by, err := o.follow(a, allowHTTP)
	if err != nil {
		return nil, err
	}
	if early == nil || early.url.String() != next.String() {
		early = o.send(ctx, client, next)
	}
	if a, err = early.wait(ctx); err != nil {
		return nil, err
	}
	o.keySet = next
	return o.read(a, by, now)
}

// follow reads the address that a discovery document gives. It is an error if nobody wants what comes from there.
func (o *Origin) follow(document *answer, allowHTTP bool) (*url.URL, Provenance, error) {
	d, err := discover(document.from, document.body, allowHTTP)
	if err != nil {
		return nil, Provenance{}, err
	}
	by := Provenance{Issuer: d.issuer, HTTP: insecure(document.from, d.keySet)}
	switch {
	case o.config.Wanted(by):
		return d.keySet, by, nil
	case o.config.Wanted(Provenance{Issuer: d.issuer}):
		return nil, by, fmt.Errorf("%s: jwks_uri %w: http is allowed to others only", Redact(document.from), ErrURL)
	}
	return nil, by, fmt.Errorf("%s: %w: %.200q", Redact(document.from), ErrIssuer, d.issuer)
}

// parseOptions let all algorithms in: each user restricts the set to its own.
var parseOptions = keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)}

// read takes the set from an answer.
func (o *Origin) read(a *answer, by Provenance, now time.Time) (*Result, error) {
	r := &Result{Freshness: FreshnessOf(a.header, now), Provenance: by, Endpoint: Redact(a.from)}
	if a.same {
		return r, nil
	}
	var err error
	if r.Set, r.Warnings, err = keys.ParseJWKS(a.body, parseOptions); err != nil {
		return nil, fmt.Errorf("%s: the key set %w", Redact(a.from), err)
	}
	o.etag, o.etagOf = a.header.Get("ETag"), a.from.String()
	return r, nil
}

// tag returns the entity tag to send with a request for the URL; empty for none.
func (o *Origin) tag(u *url.URL) string {
	if o.etagOf == u.String() {
		return o.etag
	}
	return ""
}
