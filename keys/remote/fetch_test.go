package remote

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/origin"
)

func TestFetch(t *testing.T) {
	b := newBench(t, nil)
	b.server.SetKeys(keyA, keyR, keyA.With("use", "enc"))
	s := b.acquire(b.config())
	b.wantIDs(s.Set(), "a r")
	st := s.Status()
	if st.URL != b.server.URL(jwttest.KeysPath) || st.Endpoint != st.URL || st.Fetches != 1 || st.Failures != 0 || st.LastError != "" || st.FromDisk {
		t.Errorf("status %+v", st)
	}
	if !st.LastFetch.Equal(b.clock.Now()) || !st.LastSuccess.Equal(b.clock.Now()) || st.NextFetch.Sub(b.clock.Now()) != DefaultRefresh {
		t.Errorf("times %+v", st)
	}
	if len(st.Keys) != 2 || st.Keys[1].ID != "r" || st.Keys[1].Kind != keys.KindRSA || len(st.Keys[1].Algorithms) != 6 || len(st.Keys[1].Thumbprint) != 43 {
		t.Errorf("keys %+v", st.Keys)
	}
	if len(st.Warnings) != 1 || len(b.log.with(`use is "enc"`)) != 1 {
		t.Errorf("warnings %q, log %q", st.Warnings, b.log.with(""))
	}
	if h := b.server.LastHeader(); !strings.Contains(h.Get("Accept"), "application/jwk-set+json") || h.Get("If-None-Match") != "" {
		t.Errorf("header %v", h)
	}
}

// A set that cannot be fetched or read changes nothing, and says why.
func TestFailuresKeepTheSet(t *testing.T) {
	other := jwttest.StartKeyServer(keyB)
	defer other.Close()
	private := jwttest.JWKS(keyB, keyR.With("d", "AAAA"))
	tests := []struct {
		name string
		tell func(b *bench)
		want error
	}{
		{"500", func(b *bench) { b.server.Fail(500) }, ErrStatus},
		{"404", func(b *bench) { b.server.Fail(404) }, ErrStatus},
		{"204", func(b *bench) { b.server.Fail(204) }, ErrStatus},
		{"206", func(b *bench) { b.server.Fail(206) }, ErrStatus},
		{"304 that was not asked for", func(b *bench) { b.server.Fail(304) }, ErrStatus},
		{"garbage", func(b *bench) { b.server.SetBody("<html>") }, keys.ErrJWKS},
		{"nothing", func(b *bench) { b.server.SetBody("") }, keys.ErrEmpty},
		{"no keys", func(b *bench) { b.server.SetKeys() }, keys.ErrNoUsableKey},
		{"no usable keys", func(b *bench) { b.server.SetKeys(keyB.With("use", "enc")) }, keys.ErrNoUsableKey},
		{"a private key", func(b *bench) { b.server.SetBody(private) }, keys.ErrPrivateKey},
		{"oversize", func(b *bench) { b.server.Oversize(keys.MaxJWKSSize + 1) }, ErrTooLarge},
		{"redirect to another host", func(b *bench) { b.server.Redirect(other.URL(jwttest.KeysPath)) }, ErrRedirect},
		{"redirect to another name", func(b *bench) {
			b.server.Redirect(strings.Replace(b.server.URL(jwttest.MovedPath), "127.0.0.1", "localhost", 1))
		}, ErrRedirect},
		{"redirect to a file", func(b *bench) { b.server.Redirect("file:///etc/passwd") }, ErrRedirect},
		{"redirects without end", func(b *bench) { b.server.Redirect(jwttest.KeysPath) }, ErrRedirect},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, nil)
			s := b.acquire(b.config())
			before := s.Set()
			test.tell(b)
			b.advance(DefaultRefresh)
			st := s.Status()
			if !strings.Contains(st.LastError, test.want.Error()) || st.Failures != 1 || len(b.log.with("warn: ")) != 1 {
				t.Errorf("%q after %d failures, log %q", st.LastError, st.Failures, b.log.with(""))
			}
			if s.Set() != before || st.Age != DefaultRefresh {
				t.Errorf("the set has changed, its age is %s", st.Age)
			}
			if n := b.server.Requests(""); n > 2+origin.MaxRedirects {
				t.Errorf("%d requests", n)
			}
			b.server.Fail(200)
			b.server.Redirect("")
			b.server.SetKeys(keyB)
			b.advance(time.Second)
			b.wantIDs(s.Set(), "b")
			if st := s.Status(); st.LastError != "" || st.Failures != 0 || st.Age != 0 {
				t.Errorf("after recovery: %+v", st)
			}
		})
	}
	if other.Requests("") != 0 {
		t.Error("a redirect to another host was followed")
	}
}

// A server that does not answer in time is a failure, and holds nobody up.
func TestSlowServer(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Timeout, o.Wait = 500*time.Millisecond, 20*time.Millisecond })
	b.server.Delay(time.Minute)
	start := time.Now()
	s := b.acquireFrom(b.pool, b.config())
	if set := s.Refresh(t.Context(), s.Set()); set.Len() != 0 {
		t.Error("there are keys from nowhere")
	}
	if took := time.Since(start); took < 20*time.Millisecond || took > 450*time.Millisecond {
		t.Errorf("the request waited %s", took)
	}
	b.clock.asleep(t, 1)
	if st := s.Status(); !strings.Contains(st.LastError, "deadline") {
		t.Errorf("%+v", st)
	}
	if len(b.log.with("error: ")) != 1 {
		t.Errorf("log %q", b.log.with(""))
	}
	b.server.Delay(0)
	b.advance(time.Second)
	b.wantIDs(s.Set(), "a")
}

// Failures are tried again after 1 s, 2 s, 4 s, … and told less and less often.
func TestBackoff(t *testing.T) {
	b := newBench(t, nil)
	b.server.Fail(503)
	c := b.config()
	c.Refresh = 10 * time.Second
	s := b.acquire(c)
	for i, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
		st := s.Status()
		if got := st.NextFetch.Sub(st.LastFetch); got != want*time.Second || st.Failures != i+1 {
			t.Errorf("failure %d: the next fetch is after %s", st.Failures, got)
		}
		b.advance(want*time.Second - time.Millisecond)
		if n := b.server.Requests(""); n != i+1 {
			t.Errorf("%d requests before their time", n)
		}
		b.advance(time.Millisecond)
	}
	if n := len(b.log.with("error: ")); n != 3 { // the failures 1, 2, 4
		t.Errorf("%d lines of 7 failures: %q", n, b.log.with(""))
	}
}

// What the answer says of its freshness is heeded.
func TestScheduleFollowsCacheControl(t *testing.T) {
	b := newBench(t, nil)
	b.server.SetHeader("Cache-Control", "max-age=120")
	s := b.acquire(b.config())
	if d := s.Status().NextFetch.Sub(b.clock.Now()); d != 2*time.Minute {
		t.Errorf("the next fetch is in %s", d)
	}
	b.server.ETags(true)
	b.advance(2 * time.Minute)
	b.server.SetHeader("Cache-Control", "max-age=240")
	b.advance(2 * time.Minute)
	if d := s.Status().NextFetch.Sub(b.clock.Now()); d != 4*time.Minute || b.server.NotModified() != 1 {
		t.Errorf("after 304 the next fetch is in %s", d)
	}
}

func TestConditional(t *testing.T) {
	b := newBench(t, nil)
	b.server.ETags(true)
	s := b.acquire(b.config())
	set, generation := s.Set(), s.Generation()
	b.advance(DefaultRefresh)
	if b.server.NotModified() != 1 || s.Set() != set || s.Generation() != generation || s.Status().Age != 0 {
		t.Errorf("%d answers 304, status %+v", b.server.NotModified(), s.Status())
	}
	b.server.SetKeys(keyB)
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "b")
	if b.server.NotModified() != 1 || s.Generation() == generation {
		t.Errorf("%d answers 304, generation %d", b.server.NotModified(), s.Generation())
	}
}

// The same keys, written otherwise, are the same set: what is known of its keys stays known.
func TestSameContentKeepsTheSet(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.config())
	set := s.Set()
	b.server.SetBody(" " + jwttest.JWKS(keyA.With("use", "sig").With("x5t", "AAAA")))
	b.advance(DefaultRefresh)
	if s.Set() != set {
		t.Error("the set was replaced")
	}
}

// No more than MaxStale after the last success the set is gone, even if the next fetch is later; and an entity tag of
// it is worth nothing then.
func TestMaxStale(t *testing.T) {
	b := newBench(t, nil)
	b.server.ETags(true)
	c := b.config()
	c.MaxStale = time.Hour
	changes := 0
	s, err := b.pool.Acquire(c, func() { changes++ })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	b.clock.asleep(t, 1)
	b.server.Fail(500)
	for range 59 {
		b.advance(time.Minute)
	}
	b.advance(time.Minute - time.Nanosecond)
	b.wantIDs(s.Set(), "a")
	b.advance(time.Nanosecond)
	b.wantIDs(s.Set(), "")
	if changes != 2 || len(b.log.with(ErrTooOld.Error())) != 1 {
		t.Errorf("%d changes, log %q", changes, b.log.with(""))
	}
	b.server.Fail(200)
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "a")
	if b.server.NotModified() != 0 || changes != 3 {
		t.Errorf("%d answers 304, %d changes", b.server.NotModified(), changes)
	}
}

// A clock that jumps over the time of the next fetch, as of a machine that slept, must not confirm what is gone.
func TestMaxStaleAfterSleep(t *testing.T) {
	b := newBench(t, nil)
	b.server.ETags(true)
	s := b.acquire(b.config())
	b.advance(48 * time.Hour)
	b.wantIDs(s.Set(), "a")
	if b.server.NotModified() != 0 || len(b.log.with(ErrTooOld.Error())) != 1 {
		t.Errorf("%d answers 304, log %q", b.server.NotModified(), b.log.with(""))
	}
}
