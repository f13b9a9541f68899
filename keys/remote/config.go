package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/origin"
)

// Defaults and limits of a Config.
const (
	// DefaultRefresh is how often a set is fetched whose server says nothing of freshness.
	DefaultRefresh = 10 * time.Minute
	// DefaultMaxStale is how long the last good set is used through failures.
	DefaultMaxStale = 24 * time.Hour
	// MinRefresh and MaxRefresh bound Config.Refresh.
	MinRefresh = time.Second
	MaxRefresh = 24 * time.Hour
	// MinMaxStale and MaxMaxStale bound Config.MaxStale.
	MinMaxStale = time.Minute
	MaxMaxStale = 30 * 24 * time.Hour
)

// Config says which key set is fetched, and how. Configs with the same URL and certificate authorities share one fetcher: the
// shortest Refresh and the longest MaxStale of its users count for all of them; the other fields are each user's own.
type Config struct {
	// URL is the JWK Set, or an OpenID Connect discovery document that names it: https, or http on loopback (127.0.0.0/8,
	// ::1, localhost) or with AllowHTTP. The set that a document names may be on another host, as many issuers have it,
	// but not on http if the document is on https.
	URL string
	// Issuer must be equal to the "issuer" of a discovery document (OpenID Connect Discovery 1.0 §4.3); to who wants another
	// one, the set is empty. It means nothing if URL is the set itself. Default: any.
	Issuer string
	// Algorithms are those of the keys; each user of a set can have others. At least one.
	Algorithms keys.AlgorithmSet
	// Refresh is how often the set is fetched if the answer has neither Cache-Control nor Expires: MinRefresh to
	// MaxRefresh, ±10 %. Default DefaultRefresh.
	Refresh time.Duration
	// MaxStale is how long after its last successful fetch a set is used: MinMaxStale to MaxMaxStale. A set is fetched
	// early enough for it not to grow that old while all is well. Default DefaultMaxStale.
	MaxStale time.Duration
	// AllowHTTP allows http to any host. Whoever can change the answer on its way can then make tokens. To who does not allow it,
	// a set that another user's permission has brought is empty.
	AllowHTTP bool
	// CA is PEM text of the certificate authorities that the server's certificate must come from. Default: the system's.
	CA string
	// CAFile is a file with the same, read anew for each fetch. Not beside CA.
	CAFile string
}

// Fault is an error of one field of a Config.
type Fault struct {
	// Field is the name of the field in Config.
	Field string
	Err   error
}

// Error returns the field and what is wrong with it.
func (f *Fault) Error() string { return f.Field + ": " + f.Err.Error() }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Faults is everything that is wrong with the configuration.
func (c Config) Faults() []*Fault {
	c = c.withDefaults()
	var list []*Fault
	add := func(field string, err error) {
		if err != nil {
			list = append(list, &Fault{Field: field, Err: err})
		}
	}
	_, err := origin.CheckURL(c.URL, c.AllowHTTP)
	add("URL", err)
	if c.Algorithms == 0 {
		add("Algorithms", ErrAlgorithms)
	}
	add("Refresh", within(c.Refresh, MinRefresh, MaxRefresh))
	add("MaxStale", within(c.MaxStale, MinMaxStale, MaxMaxStale))
	switch {
	case c.CA != "" && c.CAFile != "":
		add("CAFile", fmt.Errorf("%w: CA is given too", ErrCA))
	case c.CA != "":
		_, err = origin.ParseCA([]byte(c.CA))
		add("CA", err)
	}
	return list
}

// check returns the faults as one error.
func (c Config) check() error {
	var list []error
	for _, f := range c.Faults() {
		list = append(list, f)
	}
	return errors.Join(list...)
}

// withDefaults fills in what is not given.
func (c Config) withDefaults() Config {
	if c.Refresh == 0 {
		c.Refresh = DefaultRefresh
	}
	if c.MaxStale == 0 {
		c.MaxStale = DefaultMaxStale
	}
	return c
}

// trust returns the terms of trust: a set that was fetched under one is nothing to another.
func (c Config) trust() Config { return Config{URL: c.URL, CA: c.CA, CAFile: c.CAFile} }

// identity names the file of a set on disk. It differs if another's word is taken, and stays the same for all versions.
func (c Config) identity() []byte {
	text, err := json.Marshal(c.trust())
	if err != nil { // strings, numbers and booleans can always be written
		panic(err)
	}
	return text
}

// within checks a duration's range.
func within(d, least, most time.Duration) error {
	if d < least || d > most {
		return fmt.Errorf("%s %w: %s to %s", d, ErrRange, least, most)
	}
	return nil
}
