package jwt

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

// follower reads the events of the page of refusals.
type follower struct {
	t     *testing.T
	lines *bufio.Scanner
}

// follows opens the page.
func (k *kit) follows(t *testing.T, query string) follower {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(k.driver.serveRefusals))
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); server.Close() })
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/apinto/jwt/refusals"+query, http.NoBody)
	must.Succeed(t, err)
	response, err := http.DefaultClient.Do(request)
	must.Succeed(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("status %d, %s", response.StatusCode, got)
	}
	f := follower{t, bufio.NewScanner(response.Body)}
	if f.lines.Scan(); f.lines.Text() != ":" { // the gateway has noted where the news begins
		t.Fatalf("the stream begins with %q", f.lines.Text())
	}
	return f
}

// followed is what the test looks at of a refusal.
type followed struct {
	Number              uint64
	Reason, Fingerprint string
}

// next is the next refusal.
func (f follower) next() (r followed) {
	f.t.Helper()
	for f.lines.Scan() {
		if data, ok := strings.CutPrefix(f.lines.Text(), "data: "); ok {
			must.Succeed(f.t, json.Unmarshal([]byte(data), &r))
			return r
		}
	}
	f.t.Fatal("the stream has ended")
	return r
}

// Refusals are told as they come, without the token, those before too if they are asked for.
func TestRefusalsAreFollowed(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{})
	refuse := func(user string) string {
		raw := tokenOf(t, secretA, claims{"sub": user})
		answer(inHeader(t, raw), list...)
		return raw
	}
	first := refuse("one")
	news := k.follows(t, "")
	second := refuse("two")
	got := news.next()
	if got.Fingerprint != token.Fingerprint(second) || got.Reason != token.UserUnknown.String() || got.Number != 2 {
		t.Errorf("%+v", got)
	}
	all := k.follows(t, "?after=0")
	for _, raw := range []string{first, second} {
		if got := all.next(); got.Fingerprint != token.Fingerprint(raw) {
			t.Errorf("%+v", got)
		}
	}
}

// The page answers no web page, and not more clients than it bears.
func TestWhoMayFollow(t *testing.T) {
	k := newKit(t)
	for name, test := range map[string]struct {
		change func(*http.Request)
		before int32
		want   int
	}{
		"another origin":   {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 0, http.StatusForbidden},
		"another name":     {func(r *http.Request) { r.Host = "rebound.example" }, 0, http.StatusForbidden},
		"no number":        {func(r *http.Request) { r.URL.RawQuery = "after=x" }, 0, http.StatusBadRequest},
		"too many clients": {func(*http.Request) {}, maxWatchers, http.StatusServiceUnavailable},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // who is let in leaves at once
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:9400/apinto/jwt/refusals", http.NoBody)
		test.change(r)
		k.driver.watchers.Store(test.before)
		w := httptest.NewRecorder()
		k.driver.serveRefusals(w, r)
		if w.Code != test.want || k.driver.watchers.Load() != test.before {
			t.Errorf("%s: status %d, %d follow", name, w.Code, k.driver.watchers.Load())
		}
	}
}
