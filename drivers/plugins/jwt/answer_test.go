package jwt

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// The answers of RFC 6750 §3, to the letter.
func TestAnswers(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	good := r.tokenOf("shop", nil)
	tests := []struct {
		name, config, token, challenge, body string
		status                               int
	}{
		{
			"no token", `{}`, "", `Bearer realm="apinto"`,
			`{"error":"unauthorized","reason":"token_missing","message":"a token is required","request_id":"ID"}`, 401,
		},
		{
			"bad token", `{}`, good + "x", `Bearer realm="apinto", error="invalid_token", error_description="the signature of the token is not valid"`,
			`{"error":"invalid_token","reason":"signature_invalid","message":"the signature of the token is not valid","request_id":"ID"}`, 401,
		},
		{
			"expired", `{"realm":"shop \"1\" \\"}`, r.tokenOf("shop", claims{"exp": 1}),
			`Bearer realm="shop \"1\" \\", error="invalid_token", error_description="the token has expired"`,
			`{"error":"invalid_token","reason":"token_expired","message":"the token has expired","request_id":"ID"}`, 401,
		},
		{
			"scopes", `{"scopes":["read","write"]}`, good,
			`Bearer realm="apinto", error="insufficient_scope", error_description="the token lacks a claim or scope that this route requires", scope="read write"`,
			`{"error":"insufficient_scope","reason":"claim_missing","message":"the token lacks a claim or scope that this route requires","request_id":"ID"}`, 403,
		},
		{
			"audience, with scopes", `{"scopes":["read"],"audience":["a"]}`, good,
			`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not for the audience of this route", scope="read"`,
			`{"error":"insufficient_scope","reason":"audience_mismatch","message":"the token is not for the audience of this route","request_id":"ID"}`, 403,
		},
		{
			"audience alone", `{"audience":["a"]}`, good,
			`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not for the audience of this route"`,
			`{"error":"insufficient_scope","reason":"audience_mismatch","message":"the token is not for the audience of this route","request_id":"ID"}`, 403,
		},
		{
			"text", `{"body":"text"}`, good + "x", `Bearer realm="apinto", error="invalid_token", error_description="the signature of the token is not valid"`,
			"the signature of the token is not valid (signature_invalid, request ID)\n", 401,
		},
		{
			"hidden, no token", `{"detail":"hidden"}`, "", `Bearer realm="apinto"`,
			`{"error":"unauthorized","reason":"unauthorized","message":"the request is not authenticated","request_id":"ID"}`, 401,
		},
		{
			"hidden, bad token", `{"detail":"hidden"}`, good + "x", `Bearer realm="apinto", error="invalid_token", error_description="the request is not authenticated"`,
			`{"error":"invalid_token","reason":"invalid_token","message":"the request is not authenticated","request_id":"ID"}`, 401,
		},
		{
			"hidden, scopes, text", `{"detail":"hidden","body":"text","scopes":["read"]}`, good,
			`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not sufficient"`,
			"the token is not sufficient (insufficient_scope, request ID)\n", 403,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(test.config, r.get(test.token))
			response := o.Response()
			if o.passed || response.StatusCode() != test.status {
				t.Errorf("passed %v, status %d", o.passed, response.StatusCode())
			}
			if got := o.challenge(); got != test.challenge {
				t.Errorf("WWW-Authenticate:\n%s\nwant\n%s", got, test.challenge)
			}
			if got := strings.ReplaceAll(string(response.GetBody()), o.RequestId(), "ID"); got != test.body {
				t.Errorf("body:\n%s\nwant\n%s", got, test.body)
			}
			kind := "application/json"
			if strings.Contains(test.config, "text") {
				kind = "text/plain; charset=utf-8"
			}
			if response.GetHeader("Content-Type") != kind || response.GetHeader("Cache-Control") != "no-store" {
				t.Errorf("the answer's headers are\n%s", response.HeadersString())
			}
			for _, part := range strings.Split(test.token, ".") {
				if len(part) > 4 && strings.Contains(response.String(), part) {
					t.Error("the answer shows a part of the token")
				}
			}
		})
	}
	o := r.ask(`{}`, r.get("", "Authorization: Bearer a", "Authorization: Bearer b"))
	o.expect(t, "400 token_malformed")
	if want := `Bearer realm="apinto", error="invalid_request", error_description="the request has two different tokens"`; o.challenge() != want {
		t.Errorf("got %s", o.challenge())
	}
	if o.body().Error != "invalid_request" {
		t.Errorf("error %q", o.body().Error)
	}
}

// A body that was read in search of a token and turns out damaged cannot go on, whatever the mode. One that is too large
// to look into is a bad token.
func TestBodies(t *testing.T) {
	r := newRig(t)
	r.gateway.MustPut("form", `{"auth":[{"type":"jwt","position":"body","token_name":"t","config":{"algorithm":"HS256","secret":"`+
		secretOf("form")+`","path":"sub"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	const head = "POST / HTTP/1.1\nHost: h\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n"
	for _, config := range []string{`{}`, `{"required":false}`, `{"mode":"observe"}`} {
		o := r.ask(config, host.Context(t, head+"5\r\n{}"))
		o.expect(t, "400 token_malformed")
		if o.Response().GetHeader("Connection") != "close" {
			t.Error("the connection stays open")
		}
	}
	large := strings.Repeat("x", 2<<20)
	for config, want := range map[string]string{`{}`: "401 token_too_large", `{"required":false}`: "401 token_too_large", `{"mode":"observe"}`: "passed"} {
		r.ask(config, host.Post(t, "/", "application/json", large)).expect(t, want)
		o := r.ask(config, host.Context(t, head+chunkOf(large)+"0\r\n\r\n"))
		o.expect(t, want)
		if body, err := o.Proxy().Body().RawBody(); o.passed && (err != nil || string(body) != large) {
			t.Errorf("%d bytes go on, %v", len(body), err)
		}
	}
}

// Every reason has an answer, and every answer is fit for a header.
func TestEveryReason(t *testing.T) {
	for _, reason := range token.Reasons() {
		if _, ok := refusals[reason]; !ok && reason != token.Internal {
			t.Errorf("%s has no answer", reason)
		}
	}
	all := []*refusal{refusalApp, refusalParameters, refusalFault, refusalTwoTokens, refusalSpent, refusalResource, refusalACR, refusalAge}
	all = append(all, refusalOrigin, refusalHTTPMethod, refusalMisplaced, refusalDoubtful, refusalUnexpectedBody, refusalFraming, refusalMediaType,
		refusalMessageSize, refusalMessage, refusalMismatch, refusalOperation)
	for reason, r := range refusals {
		all = append(all, r)
		if r.reason != reason.String() || r.status != http.StatusUnauthorized || r.ours {
			t.Errorf("%s: %+v", reason, r)
		}
	}
	for reason, r := range refusalsOfClaims {
		all = append(all, r)
		if r.reason != reason.String() || r.status != http.StatusForbidden || !r.ours {
			t.Errorf("%s: %+v", reason, r)
		}
	}
	for _, r := range all {
		if strings.ContainsAny(r.message, "\"\\") || !headerToken(r.reason) || r.message == "" || hiddenMessages[r.status] == "" {
			t.Errorf("%s: %+v", r.reason, r)
		}
		if (r.code == "") != (r.reason == "token_missing") {
			t.Errorf("%s: code %q", r.reason, r.code)
		}
		text, err := json.Marshal((&answers{}).body(r, nil))
		if err != nil || !json.Valid(text) {
			t.Errorf("%s: %v", r.reason, err)
		}
	}
	if got := new(policy).refusalOfClaims(token.TokenExpired); got != refusalFault {
		t.Errorf("a reason that the filter does not have: %+v", got)
	}
}
