package jwt

import (
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// Filters that ask one after the other get the same answer, and the request is counted once. What a released result has
// told stays as it is, whatever other requests bring.
func TestResolve(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{users: hiddenAnn})
	k.bind(appOf("b"), entry{position: "body", name: "token", config: secretRule(secretB), users: `[{"pattern":{"username":"bob"},"hide_credential":true}]`})

	other := func() {
		t.Helper()
		if r := k.driver.Authenticate(inHeader(t, tokenOf(t, secretA, claims{"sub": "nobody", "note": "something of another length"})), false); r.Reason() != token.UserUnknown {
			t.Fatal(r.Reason())
		}
	}
	bob := "token=" + tokenOf(t, secretB, claims{"sub": "bob"})
	for name, test := range map[string]struct {
		ctx  http_service.IHttpContext
		want string
	}{
		"header": {inHeader(t, ann(t)), "ann of a@app"},
		"body":   {host.Post(t, "/", "application/x-www-form-urlencoded", bob), "bob of b@app"},
	} {
		before := counted(k.driver)
		for i := range 3 {
			r := k.driver.Authenticate(test.ctx, i > 0)
			if r.Len() != 1 {
				t.Fatalf("%s, filter %d: %v", name, i, r.Reason())
			}
			user, v := r.User(0), r.Token()
			r.Admit(0, test.ctx)
			r.Release(test.ctx)
			other()
			if got := user.Name + " of " + user.App.Id(); got != test.want || v.Subject() != user.Name {
				t.Errorf("%s, filter %d: %s, token of %s", name, i, got, v.Subject())
			}
		}
		if got := counted(k.driver) - before; got != 4 { // three are the others
			t.Errorf("%s: counted %d times", name, got-3)
		}
	}
	ctx := inHeader(t, ann(t))
	r := k.driver.Authenticate(ctx, false)
	r.Keep(ctx)
	if again := k.driver.Authenticate(ctx, false); !again.Equal(r) {
		t.Error("a result that is kept is made again")
	}
}

// counted is how many requests the driver has counted.
func counted(d *Driver) (n uint64) {
	for _, r := range d.status().Requests {
		n += r.Count
	}
	return n
}
