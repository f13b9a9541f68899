package issuing

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/keys/retired"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/token"
)

// A key that a rule signed with stays published when the gateway restarts at once, until its tokens have ended, and no longer. So
// does that of a rule that was deleted.
func TestRetiredKeyAfterRestart(t *testing.T) {
	t.Parallel()
	e := rig.Own(t)
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, ""))
	old, _ := pairOf(t, "old")
	gone, _ := pairOf(t, "gone")
	next, _ := pairOf(t, "next")
	e.Add(t, issuingWith("shop", old))
	e.Add(t, issuingWith("shut", gone))
	raw := mustLogin(t, e.Node, "shop", "ann").access
	mustLogin(t, e.Node, "shut", "ann")
	rig.Within(t, rig.Settle, func() error { return published(t, e, "gone", "old") })
	e.Replace(t, issuingWith("shop", next))
	must.Succeed(t, e.Node.Delete(t.Context(), rig.IssuingApp("shut")))
	rig.Within(t, rig.Settle, func() error { return published(t, e, "gone", "next", "old") })
	must.Succeed(t, e.Node.Restart(t.Context()))
	rig.Within(t, 2*rig.Settle, func() error { return published(t, e, "gone", "next", "old") })
	unverified, err := token.Parse(raw)
	must.Succeed(t, err)
	if _, err := unverified.Verify(publishedSet(t, e)); err != nil { // as another server does
		t.Errorf("a token of before the rotation: %v", err)
	}

	must.Succeed(t, e.Node.Stop())
	end := endRetired(t, e.Node, 15*time.Second)
	must.Succeed(t, e.Node.Restart(t.Context()))
	rig.Within(t, time.Until(end), func() error { return published(t, e, "gone", "next", "old") })
	rig.Within(t, time.Until(end)+rig.Settle, func() error { return published(t, e, "next") })
	if early := time.Until(end); early > 0 {
		t.Errorf("it was gone %s before the end", early)
	}
}

// published reports whether jwks has the keys with these IDs, and no other ones.
func published(t *testing.T, e *rig.Env, want ...string) error {
	t.Helper()
	set := publishedSet(t, e)
	if set == nil {
		return fmt.Errorf("jwks does not answer")
	}
	var ids []string
	for _, k := range set.Keys() {
		ids = append(ids, k.ID())
	}
	if slices.Sort(ids); !slices.Equal(ids, want) {
		return fmt.Errorf("jwks has %v, want %v", ids, want)
	}
	return nil
}

// publishedSet is the key set that jwks answers with; nil if it does not yet.
func publishedSet(t *testing.T, e *rig.Env) *keys.Set {
	t.Helper()
	set, _, err := keys.ParseJWKS([]byte(send(t, http.MethodGet, e.Node.URL+"/oauth/jwks", "").body), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)})
	if err != nil {
		return nil
	}
	return set
}

// endRetired has the tokens of all retired keys in the data of a node that is stopped end after this time.
func endRetired(t *testing.T, node *gateway.Node, after time.Duration) (end time.Time) {
	t.Helper()
	dir := filepath.Join(node.Dir, "data", "jwt-keys")
	file := retired.New(dir)
	now := time.Now()
	list, err := file.Load(now)
	if err == nil {
		err = os.Remove(filepath.Join(dir, "signing-keys.json"))
	}
	must.Succeed(t, err)
	for i := range list {
		list[i].Until = now.Add(after)
	}
	must.Succeed(t, file.Save(list, now))
	return now.Add(after)
}
