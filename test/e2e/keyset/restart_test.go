package keyset

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The issuer is down for the whole time of a restart: the gateway serves with the set on its disk, from the first
// request on. Without the file nobody gets in, and with the issuer everybody does.
//
// The edited host serves when it has loaded all that is stored. The stock one serves some milliseconds before it has a
// route. What comes in between is answered 404, or 401 where an application is there already: its plugin app is asked for
// what has no route, too. The very first may get 200 with an empty body, while the host has not set up its plugins: nothing
// is asked, and nothing forwarded. Such a request meets no rule of ours with its key, whatever the key's source; from the
// first answer of the route on, every one must be 200 from the upstream. When it stops, the host keeps its routes to the end.
func TestRestartWhileTheIssuerIsDown(t *testing.T) {
	t.Parallel()
	e := rig.Own(t)
	i := rig.StartKeyIssuer(t)
	e.Add(t, rig.KeyApp("Kept", i.KeyRule(gateway.Rule{"jwks_refresh": 5})))
	e.Accept(t, e.Node, rig.InHeader("X-Kept", rig.TokenOf(t, "A")))
	kept := keyFiles(t, e.Node)
	i.Down()

	answers := knockWhile(t, e, func() {
		must.Succeed(t, e.Node.Restart(t.Context()))
		e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t))) // what does not need the issuer
		time.Sleep(time.Second)
	})
	t.Logf("answers of a gateway that restarts while the issuer is down: %v", answers)
	if answers[noAnswer] == 0 || answers[served] < 50 {
		t.Errorf("answers %v", answers)
	}
	for what, n := range answers {
		if what != noAnswer && what != served && what != unrouted {
			t.Errorf("%d requests: %s", n, what)
		}
	}
	if answers[unrouted] > answers[noAnswer] {
		t.Errorf("answers %v: the host had no route for longer than it did not listen", answers)
	}
	if answers[unrouted] > 0 && rig.Edited(t, e.Node) {
		t.Errorf("answers %v: the edited host has served before its routes were there", answers)
	}
	for _, one := range rig.Status(t, e.Node).Requests { // since the restart
		early := one.Reason == "token_missing" && one.Count <= answers[unrouted] // before the application was there
		if one.Reason != "accepted" && !early {
			t.Errorf("the driver refused %d requests: %s", one.Count, one.Reason)
		}
	}
	if set := i.KeySet(t, e.Node); !set.FromDisk || set.Failures == 0 || len(set.Keys) != 1 || set.LastSuccess.IsZero() {
		t.Errorf("the status page has %+v", set)
	}
	e.Refuse(t, e.Node, rig.InHeader("X-Kept", rig.TokenOf(t, "B")))

	t.Run("without the file", func(t *testing.T) {
		must.Succeed(t, e.Node.Stop())
		for _, file := range kept {
			must.Succeed(t, os.Remove(file))
		}
		must.Succeed(t, e.Node.Restart(t.Context()))
		e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t)))
		e.Refuse(t, e.Node, rig.InHeader("X-Kept", rig.TokenOf(t, "A")))
	})
	t.Run("the issuer is back, with a new key", func(t *testing.T) {
		i.Up()
		i.SetKeys(i.A, i.B)
		for _, kid := range []string{"A", "B"} {
			rig.Within(t, 12*time.Second, func() error { return e.Send(t, e.Node, rig.InHeader("X-Kept", rig.TokenOf(t, kid))).Accepted() })
		}
		keyFiles(t, e.Node)
	})
}

// What a client gets while a gateway restarts.
const (
	served   = "status 200" // from the upstream
	noAnswer = "no answer"  // nothing listens, or the process ends
	empty    = "status 200, empty"
	missing  = "status 404"
	refused  = "status 401"

	unrouted = "no route yet" // one of the last three if it is the host's
)

// overRestart counts the answers that one client got, one after another, over one restart: the upstream's, none for a
// while, perhaps some that are empty, perhaps some that are missing or refused, the upstream's. What comes in this order is
// all that was seen; anything out of it counts as what it is.
func overRestart(answers []string) map[string]int {
	const (
		running = iota
		down
		bare // without plugins
		routeless
		restarted
	)
	counts := map[string]int{}
	at := running
	for _, answer := range answers {
		switch {
		case answer == noAnswer && at <= down:
			at = down
		case answer == empty && (at == down || at == bare):
			at, answer = bare, unrouted
		case (answer == missing || answer == refused) && at >= down && at <= routeless:
			at, answer = routeless, unrouted
		case answer == noAnswer:
			answer = "no answer once more"
		case at > running:
			at = restarted
		}
		counts[answer]++
	}
	return counts
}

func TestOverRestart(t *testing.T) {
	for name, test := range map[string]struct {
		answers []string
		want    map[string]int
	}{
		"routes at once":        {[]string{served, noAnswer, noAnswer, served}, map[string]int{served: 2, noAnswer: 2}},
		"no route yet":          {[]string{served, noAnswer, missing, refused, missing, served}, map[string]int{served: 2, noAnswer: 1, unrouted: 3}},
		"nor plugins":           {[]string{served, noAnswer, empty, missing, served}, map[string]int{served: 2, noAnswer: 1, unrouted: 2}},
		"before the stop":       {[]string{served, missing, noAnswer, served}, map[string]int{served: 2, noAnswer: 1, missing: 1}},
		"after the first route": {[]string{noAnswer, missing, served, refused, served}, map[string]int{served: 2, noAnswer: 1, unrouted: 1, refused: 1}},
		"empty after that":      {[]string{noAnswer, served, empty, served}, map[string]int{served: 2, noAnswer: 1, empty: 1}},
		"empty with plugins":    {[]string{noAnswer, missing, empty, served}, map[string]int{served: 1, noAnswer: 1, unrouted: 1, empty: 1}},
		"another status":        {[]string{noAnswer, "status 500", missing, served}, map[string]int{served: 1, noAnswer: 1, "status 500": 1, missing: 1}},
		"gone again":            {[]string{noAnswer, served, noAnswer, missing, served}, map[string]int{served: 2, noAnswer: 1, "no answer once more": 1, missing: 1}},
		"no restart":            {[]string{served, refused, empty, served}, map[string]int{served: 2, refused: 1, empty: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := overRestart(test.answers); !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// knockWhile sends requests with good tokens, one after another, while a gateway restarts, and counts the answers.
func knockWhile(t *testing.T, e *rig.Env, restarts func()) map[string]int {
	t.Helper()
	knocker := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	var answers []string
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
			answers = append(answers, knock(knocker, e.Node.URL+"/load/kept", rig.TokenOf(t, "A")))
		}
	}()
	defer done.Wait()
	func() {
		defer close(stop) // also if the test ends in there
		restarts()
	}()
	done.Wait()
	return overRestart(answers)
}

func knock(knocker *http.Client, url, token string) string {
	request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return err.Error()
	}
	request.Header.Set("X-Kept", token)
	response, err := knocker.Do(request)
	if err != nil {
		return noAnswer
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return noAnswer
	case response.StatusCode == http.StatusOK && len(body) == 0:
		return empty
	case response.StatusCode == http.StatusOK && string(body) != "upstream":
		return fmt.Sprintf("status 200, %q", body)
	}
	return fmt.Sprintf("status %d", response.StatusCode)
}

// keyFiles waits for the sets on the node's disk, which only its owner may read.
func keyFiles(t *testing.T, node *gateway.Node) []string {
	t.Helper()
	var found []string
	rig.Within(t, rig.Settle, func() error {
		var err error
		if found, err = filepath.Glob(filepath.Join(node.Dir, "data", "jwt-keys", "*.json")); err == nil && len(found) == 0 {
			err = fmt.Errorf("no key set in the data of %s", node.Dir)
		}
		return err
	})
	for _, file := range append(found, filepath.Dir(found[0])) {
		info, err := os.Stat(file)
		must.Succeed(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %s", filepath.Base(file), info.Mode())
		}
	}
	return found
}

// In a cluster each gateway fetches for itself, once; the admin process of none does.
func TestKeySetInACluster(t *testing.T) {
	t.Parallel()
	e := rig.Own(t)
	second := rig.StartNode(t)
	must.Succeed(t, second.Join(t.Context(), e.Node))
	i := rig.StartKeyIssuer(t)
	for n := range 3 {
		e.Add(t, rig.KeyApp(fmt.Sprintf("Clustered-%d", n), i.KeyRule(gateway.Rule{"leeway": n})))
	}
	for _, node := range []*gateway.Node{e.Node, second} {
		for n := range 3 {
			e.Accept(t, node, rig.InHeader(fmt.Sprintf("X-Clustered-%d", n), rig.TokenOf(t, "A")))
		}
	}
	time.Sleep(500 * time.Millisecond)
	if n := i.Requests(jwttest.KeysPath); n != 2 {
		t.Errorf("%d fetches by two gateways, want 2", n)
	}
	i.SetKeys(i.A, i.B)
	for _, node := range []*gateway.Node{e.Node, second} {
		if err := e.Send(t, node, rig.InHeader("X-Clustered-0", rig.TokenOf(t, "B"))).Accepted(); err != nil {
			t.Errorf("the first token of a new key: %v", err)
		}
		if set := i.KeySet(t, node); set.Fetches != 2 || len(set.Keys) != 2 {
			t.Errorf("the status page of %s has %+v", node.AdminURL, set)
		}
	}
}
