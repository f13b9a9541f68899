package jwt

import (
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys/remote"
)

// page is what one of the driver's pages answers.
func page(t *testing.T, show http.HandlerFunc, contentType string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	show(answer, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || got != contentType {
		t.Errorf("status %d, %q", answer.Code, got)
	}
	return answer.Body.String()
}

// statusPage is GET /apinto/jwt/status.
func (r *rig) statusPage() (status, string) {
	r.t.Helper()
	body := page(r.t, r.factory.driver.showStatus, "application/json")
	var s status
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		r.t.Fatalf("%v in %s", err, body)
	}
	return s, body
}

// counts are the counters of requests: "reason application kid" and how many.
func (r *rig) counts() map[string]uint64 {
	r.t.Helper()
	s, _ := r.statusPage()
	counts := make(map[string]uint64)
	for _, one := range s.Requests {
		counts[strings.Join([]string{one.Reason, one.Application, one.KeyID}, " ")] = one.Count
		if one.Count > 0 && one.LastUsed.Unix() != rigNow {
			r.t.Errorf("%s was last used %s", one.Reason, one.LastUsed)
		}
	}
	return counts
}

func TestRequestsAreCounted(t *testing.T) {
	a, b := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	r := newRig(t)
	auth := r.bind("shop", es256(setOf(jwttest.NewJWK("a", a), jwttest.NewJWK("b", b)), nil), "ann")
	sign := func(kid string, key any, claims object) string {
		return jwttest.Sign(t, "ES256", key, object{"kid": kid}, claims)
	}
	ann := object{"sub": "ann"}
	sent := []string{
		sign("a", a, ann), sign("b", b, ann), sign("b", b, ann),
		sign("c", a, ann), sign("x", b, ann), // strangers choose these IDs
		sign("a", b, ann), sign("b", a, ann),
		sign("a", a, object{"sub": "ann", "exp": 1}),
		sign("a", a, object{"sub": "bob"}),
		"nonsense",
	}
	for _, raw := range sent {
		ask(auth, withToken(t, raw))
	}
	auth.GetUser(withToken(t, ""))
	counts := r.counts()
	total := uint64(0)
	for _, n := range counts {
		total += n
	}
	if total != uint64(len(sent)+1) {
		t.Errorf("%d requests are counted, want %d: %v", total, len(sent)+1, counts)
	}
	for key, want := range map[string]uint64{
		"accepted shop a": 1, "accepted shop b": 2, "key_unknown  ": 2, "signature_invalid  ": 2, "token_malformed  ": 1,
		"token_expired shop a": 1, "user_unknown shop a": 1, "token_missing  ": 1,
	} {
		if counts[key] != want {
			t.Errorf("%q: %d, want %d of %v", key, counts[key], want, counts)
		}
	}
	// A request that is asked about again and again is counted once.
	ctx := withToken(t, sign("c", a, ann))
	for range 3 {
		auth.GetUser(ctx)
	}
	if n := r.counts()["key_unknown  "]; n != 3 {
		t.Errorf("counted %d times", n-2)
	}
}

// A stranger who varies what an unverified token says of itself makes no counters.
func TestStrangersMakeNoCounters(t *testing.T) {
	r := newRig(t)
	auth := r.bind("shop", es256(setOf(jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256()))), nil), "ann")
	for n := range 500 {
		ask(auth, withToken(t, jwttest.Sign(t, "ES256", jwttest.OtherECKey(elliptic.P256()), object{"kid": fmt.Sprint(n)}, object{"sub": fmt.Sprint(n), "iss": fmt.Sprint(n)})))
	}
	if counts := r.counts(); len(counts) != 1 || counts["key_unknown  "] != 500 {
		t.Errorf("got %v", counts)
	}
}

func TestCountingIsSafe(t *testing.T) {
	r := newRig(t)
	auth := r.bind("shop", with(nil), "ann")
	raw := hs256(t, object{"sub": "ann"})
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 100 {
				ask(auth, withToken(t, raw))
				r.factory.driver.status()
			}
		}()
	}
	all.Wait()
	if n := r.counts()["accepted shop "]; n != 800 {
		t.Errorf("%d requests are counted, want 800", n)
	}
}

func TestStatusPage(t *testing.T) {
	t.Setenv(EnvCacheBytes, "")
	i, r := startIssuer(t), newRig(t)
	url := i.URL(jwttest.KeysPath) + "?key=c2VjcmV0"
	i.SetKeys(i.ka, i.kb.Without("kid"), i.kb.With("use", "enc"), jwttest.NewJWK("s", []byte(rigSecret)))
	auth := r.bind("shop", fetching(url, object{"algorithm": "ES256,HS256", "jwks_refresh": 60}), "ann", "bob")
	r.bind("other", with(nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)

	s, body := r.statusPage()
	if s.Rules != 2 || s.Users != 3 || s.Faults != 0 || len(s.KeySets) != 1 || s.Cache.Tokens != 1 || s.Cache.Bytes == 0 {
		t.Fatalf("got %+v", s)
	}
	set := s.KeySets[0]
	if !strings.HasPrefix(set.URL, i.URL(jwttest.KeysPath)) || set.Fetches != 1 || set.Failures != 0 || set.LastError != "" || set.FromDisk {
		t.Errorf("got %+v", set)
	}
	if len(set.Keys) != 3 || set.Keys[0].ID != "a" || set.Keys[0].Thumbprint == "" || set.Keys[1].ID != "" || len(set.Warnings) != 1 {
		t.Errorf("got %+v", set)
	}
	if secret := set.Keys[2]; secret.ID != "s" || secret.Thumbprint != "" || len(secret.Algorithms) != 1 {
		t.Errorf("got %+v", secret)
	}
	now := time.Unix(rigNow, 0)
	if !set.LastFetch.Equal(now) || !set.LastSuccess.Equal(now) || set.NextFetch.Sub(now) < 54*time.Second || set.NextFetch.Sub(now) > 66*time.Second {
		t.Errorf("fetched %s, successfully %s, next %s", set.LastFetch, set.LastSuccess, set.NextFetch)
	}
	for _, hidden := range []string{"c2VjcmV0", rigSecret, jwttest.Encode([]byte(rigSecret)), i.ka["x"].(string)} {
		if strings.Contains(body, hidden) {
			t.Errorf("the page shows %q", hidden)
		}
	}

	i.Fail(503)
	r.clock.forward(70 * time.Second)
	eventually(t, "the failure is shown", func() bool { return r.factory.driver.status().KeySets[0].Failures == 1 })
	if set := r.factory.driver.status().KeySets[0]; !strings.Contains(set.LastError, "503") || strings.Contains(set.LastError, "c2VjcmV0") || len(set.Keys) != 3 {
		t.Errorf("got %+v", set)
	}
}

// A status page of a driver with nothing to tell is JSON lists, not null.
func TestEmptyStatusPage(t *testing.T) {
	_, body := newRig(t).statusPage()
	for _, empty := range []string{`"requests": []`, `"key_sets": []`} {
		if !strings.Contains(body, empty) {
			t.Errorf("no %s in %s", empty, body)
		}
	}
}

func TestMetricsPage(t *testing.T) {
	key := jwttest.ECKey(elliptic.P256())
	kids := []string{"plain", `quote"back\slash`, "zero width \u200b", "right to left \u202e", "emoji \U0001F511", "private \ue000", "no-break\u00a0space", "line\nbreak"}
	var list []jwttest.JWK
	for _, kid := range kids {
		list = append(list, jwttest.NewJWK(kid, key))
	}
	r := newRigWith(t, remote.Options{})
	auth := r.bind(`shop "of" \ann`, es256(setOf(list...), nil), "ann")
	for _, kid := range kids {
		r.want(auth, jwttest.Sign(t, "ES256", key, object{"kid": kid}, object{"sub": "ann"}), passes("ann"))
	}
	body := page(t, r.factory.driver.showMetrics, "text/plain; version=0.0.4")
	samples := prometheusText(t, body)
	for _, kid := range kids {
		labels := map[string]string{"reason": "accepted", "application": `shop "of" \ann`, "kid": strings.ReplaceAll(kid, "\n", "?")}
		if got := samples["apinto_jwt_requests_total"+fmt.Sprint(labels)]; got != 3 {
			t.Errorf("kid %q was counted %v times, want 3", kid, got)
		}
		if got := samples["apinto_jwt_last_used_timestamp_seconds"+fmt.Sprint(labels)]; got != rigNow {
			t.Errorf("kid %q was last used %v", kid, got)
		}
	}
	for name, want := range map[string]float64{"apinto_jwt_rules": 1, "apinto_jwt_users": 1, "apinto_jwt_internal_faults_total": 0} {
		if got, ok := samples[name+"map[]"]; !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

var (
	sampleLine = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$`)
	oneLabel   = regexp.MustCompile(`^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)`)
)

// prometheusText reads Prometheus's text format as strictly as its own parser: a label's value knows the escapes \\,
// \" and \n and no others, and each sample is there once, behind the type of its metric.
func prometheusText(t *testing.T, body string) map[string]float64 {
	t.Helper()
	samples, types := make(map[string]float64), []string{}
	for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		if comment, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ := strings.Cut(comment, " ")
			types = append(types, name)
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no sample: %q", line)
		}
		if !slices.Contains(types, m[1]) {
			t.Errorf("%s has no type", m[1])
		}
		labels := map[string]string{}
		for rest := m[2]; rest != ""; {
			l := oneLabel.FindStringSubmatch(rest)
			if l == nil {
				t.Fatalf("no labels: %q", line)
			}
			value := strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(l[2])
			if strings.Contains(strings.NewReplacer(`\\`, "", `\"`, "", `\n`, "").Replace(l[2]), `\`) {
				t.Errorf("an escape that Prometheus does not know: %q", line)
			}
			labels[l[1]], rest = value, rest[len(l[0]):]
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		name := m[1] + fmt.Sprint(labels)
		if _, twice := samples[name]; twice {
			t.Errorf("%s is there twice", name)
		}
		samples[name] = value
	}
	return samples
}
