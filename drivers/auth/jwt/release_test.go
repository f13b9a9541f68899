package jwt

import (
	"fmt"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/token"
)

// What a request got of its token stays as it is when what the token was parsed into serves the next ones.
func TestNothingOfAReleasedTokenIsHeld(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{config: ruleJSON("claims_to_labels", `{"id":"id","sub":"name"}`)})[0]
	const n = 200
	id := func(i int) string { return fmt.Sprintf("an ID of its own %04d", i) }
	requests := make([]http_service.IHttpContext, n)
	for i := range requests {
		requests[i] = inHeader(t, tokenOf(t, secretA, claims{"sub": "ann", "id": id(i)}))
		if got := answer(requests[i], a); got != "ann of a@app" {
			t.Fatalf("request %d: %s", i, got)
		}
	}
	for i, ctx := range requests {
		if got := ctx.GetLabel("id"); got != id(i) || ctx.GetLabel("name") != "ann" {
			t.Fatalf("request %d now has the labels %q, %q", i, got, ctx.GetLabel("name"))
		}
	}
}

// Whoever releases a result twice takes nothing from the request that it serves by then.
func TestSecondReleaseDoesNothing(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{})
	for range 100 {
		ctx := inHeader(t, ann(t))
		first := k.driver.Authenticate(ctx, false)
		first.Release(ctx)
		other := inHeader(t, ann(t))
		second := k.driver.Authenticate(other, false)
		first.Release(ctx)
		third := k.driver.Authenticate(inHeader(t, tokenOf(t, secretB, claims{"sub": "ann"})), false)
		if second.Equal(third) {
			t.Fatal("two requests have one resolution")
		}
		if second.Len() != 1 || second.User(0).Name != "ann" || third.Reason() != token.SignatureInvalid {
			t.Fatalf("%v, %v", second.Reason(), third.Reason())
		}
		second.Release(other)
		third.Release(other)
	}
}
