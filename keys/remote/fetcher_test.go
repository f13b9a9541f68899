package remote

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

// A panic of who is told of changes does not end the process, nor the fetching.
func TestPanicOfAUser(t *testing.T) {
	b := newBench(t, nil)
	s, err := b.pool.Acquire(b.config(), func() { panic("told") })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	eventually(t, "the panic", func() bool { return len(b.log.with(errInternal.Error())) == 1 })
	if line := b.log.with(errInternal.Error())[0]; !strings.Contains(line, "error: ") || !strings.Contains(line, "TestPanicOfAUser") {
		t.Errorf("log %q", line)
	}
	b.clock.asleep(t, 1)
	b.wantIDs(s.Set(), "a")
	b.advance(time.Second)
	if st := s.Status(); st.Failures != 0 || st.Fetches != 2 {
		t.Errorf("status %+v", st)
	}
}

// A panic in a fetch is a failed fetch, also if the document's set is asked for at the same time.
func TestPanicInAFetch(t *testing.T) {
	for name, path := range map[string]string{"the set": jwttest.KeysPath, "the document": jwttest.DiscoveryPath, "the document's set": jwttest.KeysPath} {
		t.Run(name, func(t *testing.T) {
			var armed atomic.Bool
			var told atomic.Int64
			b := newBench(t, func(o *Options) {
				o.Panicked = func(string) { told.Add(1) }
				o.Proxy = func(r *http.Request) (*url.URL, error) {
					if armed.Load() && r.URL.Path == path {
						panic("proxy")
					}
					return nil, nil
				}
			})
			c := b.config()
			if name != "the set" {
				b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
				c.URL = b.server.URL(jwttest.DiscoveryPath)
			}
			s := b.acquire(c)
			armed.Store(true)
			start := time.Now()
			s.Refresh(t.Context(), s.Set()) // is let go
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("a request waited %s", took)
			}
			eventually(t, "the failure", func() bool { return len(b.log.with(errInternal.Error())) == 1 })
			if st := s.Status(); st.LastError != errInternal.Error() || st.Failures != 1 || len(st.Keys) != 1 {
				t.Errorf("status %+v", st)
			}
			if lines := b.log.with(errInternal.Error()); len(lines) != 1 || !strings.Contains(lines[0], "TestPanicInAFetch") {
				t.Errorf("log %q", lines)
			}
			if n := told.Load(); n != 1 {
				t.Errorf("told of %d panics, want 1", n)
			}
			armed.Store(false)
			b.clock.asleep(t, 1)
			b.advance(time.Second)
			eventually(t, "recovery", func() bool { return s.Status().Failures == 0 })
		})
	}
}
