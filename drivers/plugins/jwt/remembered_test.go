package jwt

import "testing"

// What a route refuses is remembered as the route's refusal, once, with the application that the driver has found.
func TestRefusalsAreRemembered(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"scopes":["orders:read"]}`)
	ctx := r.get(r.tokenOf("shop", claims{"scope": "orders:write"}))
	ctx.SetLabel("api_id", "orders@router")
	r.send(ctx, f).expect(t, "403 claim_mismatch")
	r.send(r.get("no-token"), f).expect(t, "401 token_malformed")
	r.send(r.get(r.tokenOf("shop", claims{"scope": "orders:read"})), f).expect(t, "passed")
	list := f.gate.driver.Refused.After(0)
	if len(list) != 2 {
		t.Fatalf("remembered: %+v", list)
	}
	if one := list[0]; one.Reason != "claim_mismatch" || !one.Filter || one.Application != "shop@app" || one.RequestID != ctx.RequestId() ||
		one.Fingerprint != ctx.GetLabel("jwt_fingerprint") || one.Place != "header Authorization" || one.Route != "orders@router" {
		t.Errorf("got %+v", one)
	}
	if one := list[1]; one.Reason != "token_malformed" || one.Filter {
		t.Errorf("got %+v", one)
	}
}
