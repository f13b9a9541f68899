package jwt

import (
	"crypto/elliptic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

func TestUnknownKeyIDIsFetchedOnce(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)

	i.SetKeys(i.ka, i.kb)
	r.want(auth, i.b(), passes("ann"))
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 2)

	for n := range 200 {
		if got := ask(auth, withToken(t, i.stranger(n))); got != fails("key_unknown") {
			t.Fatalf("got %+v", got)
		}
	}
	r.fetched(i, 2)
	r.clock.forward(10 * time.Second) // who came too soon has the next fetch made when it may be
	r.fetched(i, 3)
	r.clock.forward(9 * time.Second)
	for n := range 200 {
		ask(auth, withToken(t, i.stranger(n)))
	}
	r.fetched(i, 3)
	r.want(auth, i.a(), passes("ann"))
	r.want(auth, i.b(), passes("ann"))
}

// A key that the issuer takes back is refused, also for a token that was accepted before and is remembered; and what
// it brings back is accepted again at once.
func TestKeyIsTakenBack(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.SetKeys(i.ka, i.kb)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	a, b := i.a(), i.b()
	r.want(auth, a, passes("ann"))
	r.want(auth, b, passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(i.kb)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 2)
	eventually(t, "the key is gone", func() bool { return ask(auth, withToken(t, a)) == fails("key_unknown") })
	ctx := r.want(auth, a, fails("key_unknown"))
	if ctx.GetLabel(LabelKeyID) != "a" || ctx.GetLabel(LabelFingerprint) == "" {
		t.Errorf("labels %v", ctx.Labels())
	}
	r.want(auth, b, passes("ann"))
	r.want(auth, i.a(), fails("key_unknown")) // another token of the key
	i.SetKeys(i.ka, i.kb)
	r.clock.forward(10 * time.Second)
	eventually(t, "a fetch for the token", func() bool { return ask(auth, withToken(t, a)) == passes("ann") })
	r.want(auth, a, passes("ann"))
}

// One remembered token is enough to have a key fetched that is back.
func TestRememberedTokenHasItsKeyFetched(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.SetKeys(i.ka, i.kb)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	b := i.b()
	r.want(auth, b, passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(i.ka)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 2)
	i.SetKeys(i.ka, i.kb)
	r.want(auth, b, passes("ann"))
	r.fetched(i, 3)
}

// A key set may have a key without an ID, which is tried for every ID: an ID that the set does not have is unknown all
// the same.
func TestUnknownKeyIDBesideAKeyWithoutID(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	old := i.ka.Without("kid")
	i.SetKeys(old)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(old, i.kb)
	r.want(auth, i.b(), passes("ann"))
	r.fetched(i, 2)
}

// What a fixed key says of a token does not keep a new key from being fetched.
func TestUnknownKeyIDBesideAFixedKey(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	r.bind("fixed", object{"algorithm": "ES256", "rsa_public_key": jwttest.PublicPEM(jwttest.ECKey(elliptic.P256())), "path": "sub"}, "bob")
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	eventually(t, "the first fetch", func() bool { return i.Requests("") == 1 && r.clock.waiting() > 0 })
	i.SetKeys(i.kb)
	r.want(auth, i.b(), passes("ann"))
}
