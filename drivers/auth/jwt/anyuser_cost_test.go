package jwt

import (
	"fmt"
	"math/rand/v2"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/authn"
)

// A known token of a user who is not listed costs no allocation more than one of a listed user.
func TestAnyUserAllocatesNothingMore(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{users: anyUser("", `{"pattern":{"username":"ann"}}`)})
	allocations := func(sub string) float64 {
		raw := tokenOf(t, secretA, claims{"sub": sub})
		ctx := &forgetful{IHttpContext: inHeader(t, raw)}
		for range 3 {
			k.driver.GetUser(ctx)
		}
		return testing.AllocsPerRun(200, func() {
			if user, ok := k.driver.GetUser(ctx); !ok || user.Name != sub {
				t.Fatal(user, ok)
			}
		})
	}
	if listed, unlisted := allocations("ann"), allocations("bob"); listed != unlisted {
		t.Errorf("a listed user's token: %.0f allocations, another's: %.0f", listed, unlisted)
	}
}

// forgetful keeps no result of an earlier question.
type forgetful struct{ http_service.IHttpContext }

func (forgetful) Value(any) any      { return nil }
func (forgetful) WithValue(_, _ any) {}

// However many users there are, the cache keeps within its bytes, and nothing else grows.
func TestAnyUserMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	k := newKit(t)
	k.driver.Authenticator = authn.New(k.driver.Registry, k.driver.Clock, 1<<20, 1<<20)
	k.bind(appOf("a"), entry{users: anyUser("")})
	ask := func(from, to int) {
		for i := from; i < to; i++ {
			raw := tokenOf(t, secretA, claims{"sub": fmt.Sprintf("user-%d-%d", i, rand.Int()), "n": i})
			for range 3 {
				if user, ok := k.driver.GetUser(inHeader(t, raw)); !ok || user == nil {
					t.Fatal(user, ok)
				}
			}
		}
	}
	ask(0, 5_000) // more than the cache takes
	before := heap()
	ask(5_000, 30_000)
	if after := heap(); after > before+before/10+(512<<10) {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if tokens, bytes := k.driver.Cached(); bytes > 1<<20 || tokens < 100 {
		t.Errorf("%d tokens of %d bytes are kept", tokens, bytes)
	}
}
