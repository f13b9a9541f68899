package jwt

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"
)

// Of two filters in a chain each writes its own header; of two that write the same one the last counts, also if the headers
// are put right again because trailer fields may have come.
func TestUpstreamTokenTwoFilters(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	client := r.tokenOf("shop", nil)
	one, same := r.filter(mintedWith("ES256", claims{"audience": "one"})), r.filter(mintedWith("ES256", claims{"audience": "same"}))
	other := r.filter(mintedWith("RS256", claims{"header": "X-Identity", "audience": "other"}))
	audience := func(f *filter, value string) string {
		return gjson.Get(r.readBy(f, strings.TrimPrefix(value, "Bearer ")), "aud").Str
	}
	o := r.send(r.get(client, "X-Identity: eve"), one, other)
	if a, b := o.sentIn("Authorization"), o.sentIn("X-Identity"); len(a) != 1 || len(b) != 1 || audience(one, a[0]) != "one" || audience(other, b[0]) != "other" {
		t.Errorf("the upstream gets\n%s", o.upstream())
	}
	if a := r.send(r.get(client), one, r.filter(`{}`)).sentIn("Authorization"); len(a) != 1 || audience(one, a[0]) != "one" {
		t.Errorf("behind a filter that hides the client's token the upstream gets %q", a)
	}
	if a := r.send(r.get(client), one, same).sentIn("Authorization"); len(a) != 1 || audience(same, a[0]) != "same" {
		t.Errorf("the upstream gets %q", a)
	}
	none := r.filter(mintedWith("ES256", claims{"claims": claims{"sub": "mail"}}))
	if a := r.send(r.get(client), one, none).sentIn("Authorization"); len(a) != 0 {
		t.Errorf("the second can make no token, and the upstream gets %q", a)
	}
	sent := make(chan string, 3)
	s := serve(t, one, func(ctx http_service.IHttpContext) {
		ctx.SetCompleteHandler(attempts{sent, nil})
		ctx.SetBalance(nodes{})
	}, func(ctx eocontext.EoContext) {
		if err := (eocontext.Filters{same, &last{do: func(ctx eocontext.EoContext) {
			if err := ctx.GetComplete().Complete(ctx); err != nil {
				t.Error(err)
			}
		}}}).DoChain(ctx); err != nil {
			t.Error(err)
		}
	})
	s.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer " + client + "\r\n\r\n" + chunkOf("a") + "0\r\n\r\n")
	if status, _, _ := s.answer("POST"); status != 200 {
		t.Fatalf("status %d", status)
	}
	for range 3 {
		headers := <-sent
		if strings.Count(headers, "Authorization") != 1 {
			t.Fatalf("the upstream gets\n%s", headers)
		}
		_, value, _ := strings.Cut(headers, "Authorization: Bearer ")
		value, _, _ = strings.Cut(value, "\r\n")
		if got := audience(same, value); got != "same" {
			t.Errorf("a chunked request: the token is for %q", got)
		}
	}
}

// The keys are published while a filter signs with them, and after it for as long as a token may be good.
func TestUpstreamTokenKeys(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(mintedWith("ES256", nil))
	first := f.policy.Load().minter.Verifier().ID()
	published := func(want ...string) error {
		var got []string
		for _, k := range f.gate.driver.Accounts().Keys().Keys() {
			got = append(got, k.ID())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Errorf("published: %v, want %v", got, want)
		}
		return nil
	}
	if err := published(first); err != nil {
		t.Error(err)
	}
	raw := strings.TrimPrefix(r.send(r.get(r.tokenOf("shop", nil)), f).sentIn("Authorization")[0], "Bearer ")
	next, err := save(mintedWith("EdDSA", nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Reset(&next, nil); err != nil {
		t.Fatal(err)
	}
	second := f.policy.Load().minter.Verifier().ID()
	signers := f.gate.driver.Signers()
	for deadline := time.Now().Add(10 * time.Second); len(signers.RetiredState(time.Now()).Keys) == 0; time.Sleep(time.Millisecond) {
		if err := published(first, second); err != nil {
			t.Fatal(err)
		}
		if runtime.GC(); time.Now().After(deadline) {
			t.Fatal("the old key is never retired")
		}
	}
	if err := published(first, second); err != nil {
		t.Error(err)
	}
	r.readBy(f, raw)
	state := signers.RetiredState(time.Now())
	if until := time.Until(state.Keys[0].Until); len(state.Keys) != 1 || state.Keys[0].ID != first || until < 350*time.Second || until > 361*time.Second {
		t.Errorf("retired: %+v", state)
	}
	if other := r.filter(`{}`); other.policy.Load().minter != nil {
		t.Error("a filter without upstream_token makes tokens")
	}
	runtime.KeepAlive(f)
}
