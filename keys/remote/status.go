package remote

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/origin"
)

// Status is the state of a key set. It has no secret in it, nor anything made of one.
type Status struct {
	// URL is Config.URL. Endpoint is the address that the set itself was last fetched from. Both are without their queries.
	URL, Endpoint string
	// Generation is Source.Generation.
	Generation uint64
	// Keys are those of Source.Set.
	Keys []KeyStatus
	// Fetches is how many fetches were begun, Failures how many have failed since the last success.
	Fetches  uint64
	Failures int
	// LastFetch is when the last fetch began, LastSuccess when the set was last fetched or confirmed, before a restart
	// perhaps, and NextFetch when the next fetch is due. Zero: never.
	LastFetch, LastSuccess, NextFetch time.Time
	// LastError is why the last fetch failed, and why there is no key in the set for this user; empty if all is well.
	LastError string
	// Age is the time since LastSuccess; 0 if there was none.
	Age time.Duration
	// FromDisk is true if the set is from the file and was not confirmed since.
	FromDisk bool
	// DiskError is why there is no file for the next start, or why it is not going to be used; empty if all is well.
	DiskError string
	// Refresh and MaxStale are those in force: the shortest and the longest of all users.
	Refresh, MaxStale time.Duration
	// Warnings name the keys that were skipped.
	Warnings []string
}

// KeyStatus is one key.
type KeyStatus struct {
	ID         string
	Kind       keys.Kind
	Algorithms []keys.Algorithm
	// Thumbprint is the JWK thumbprint with SHA-256 (RFC 7638), base64url; empty for a shared secret.
	Thumbprint string
}

// Status returns the state of the set now.
func (s *Source) Status() Status {
	f := s.fetcher
	v := s.now()
	f.mu.Lock()
	st, t := f.state, f.terms
	f.mu.Unlock()
	if e := v.of.edition(s.want); e != nil && e != v.of.latest() { // the latest is not for this user
		st.lastSuccess = e.confirmed
	}
	status := Status{
		URL: f.config.shown(), Endpoint: st.endpoint, Generation: v.of.generation,
		Fetches: st.fetches, Failures: st.failures,
		LastFetch: st.lastFetch, LastSuccess: st.lastSuccess, NextFetch: f.demand.due(),
		LastError: st.lastError, FromDisk: st.fromDisk && v.of.latest().set.Len() > 0, DiskError: st.diskError, Warnings: slices.Clone(st.warnings),
		Refresh: t.refresh, MaxStale: t.maxStale,
	}
	if lacks := s.lacks(v.of); lacks != "" {
		status.LastError = strings.TrimSuffix(lacks+"; "+st.lastError, "; ")
	}
	if !st.lastSuccess.IsZero() {
		status.Age = max(0, f.pool.options.Clock.Now().Sub(st.lastSuccess))
	}
	for _, k := range v.set.Keys() {
		status.Keys = append(status.Keys, KeyStatus{
			ID: k.ID(), Kind: k.Kind(), Algorithms: k.Algorithms().List(), Thumbprint: k.JWKThumbprint(),
		})
	}
	return status
}

// shown returns the URL for people.
func (c Config) shown() string {
	u, err := origin.CheckURL(c.URL, true)
	if err != nil {
		return "key set"
	}
	return origin.Redact(u)
}

// maxListed is how many keys or warnings one line names.
const maxListed = 8

// listing names the keys of a set.
func listing(set *keys.Set) string {
	names := make([]string, 0, maxListed)
	for _, k := range set.Keys()[:min(set.Len(), maxListed)] {
		names = append(names, k.String())
	}
	text := fmt.Sprintf("%d keys: %s", set.Len(), strings.Join(names, ", "))
	if set.Len() > maxListed {
		text += ", …"
	}
	return text
}

// logf writes a line about the set.
func (f *fetcher) logf(level Level, format string, args ...any) {
	f.pool.options.Log(level, "key set "+f.config.shown()+" "+fmt.Sprintf(format, args...))
}

// logWarnings writes a line about the keys that were skipped, if there are any.
func (f *fetcher) logWarnings(warnings []string) {
	if len(warnings) > 0 {
		f.logf(Warn, "has %d keys that cannot be used: %s", len(warnings), strings.Join(warnings[:min(len(warnings), maxListed)], "; "))
	}
}
