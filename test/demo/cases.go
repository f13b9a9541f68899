package main

import (
	"context"
	"strings"
	"time"
)

// line is one row of the table: what is sent, and what must come of it.
type line struct {
	name    string
	request request
	status  int
	reason  string                             // in the access log, for what is refused
	change  func(context.Context, *demo) error // done before, to the configuration

	got answer
}

// cases returns the documented token in every position, then what must not pass.
func cases(now time.Time) []line {
	token := documented()
	return append(append(passing(token, now), forged(token, now)...), changing(now)...)
}

func passing(token string, now time.Time) []line {
	form := "a=1&token=" + token + "&b=2"
	json := `{"auth":{"token":"` + token + `"},"order":[1,2]}`
	return []line{
		{name: "documented token", request: request{header: "Authorization", token: token}, status: 200},
		{name: "… after Bearer", request: request{header: "Authorization", token: "Bearer " + token}, status: 200},
		{name: "… in the query", request: request{query: "jwt=" + token + "&page=2"}, status: 200},
		{name: "… in a form", request: request{contentType: "application/x-www-form-urlencoded", body: form}, status: 200},
		{name: "… in JSON, $.auth.token", request: request{contentType: "application/json", body: json}, status: 200},
		{name: "expiry verified, an hour left", request: request{header: "X-Strict", token: signed(documentedSecret, "apinto", "John Doe", now.Add(time.Hour))}, status: 200},
	}
}

func forged(token string, now time.Time) []line {
	hour := now.Add(time.Hour)
	root := encode([]byte(strings.Replace(documentedPayload, "John Doe", "root", 1)))
	in := func(token string) request { return request{header: "Authorization", token: token} }
	return []line{
		{name: "no token", status: 401},
		{name: "not a token", request: in("abc.def"), status: 401, reason: "token_malformed"},
		{name: "expiry verified, documented token", request: request{header: "X-Strict", token: token}, status: 401, reason: "token_expired"},
		{name: "signature tampered with", request: in(part(token, 2, encode(make([]byte, 32)))), status: 401, reason: "signature_invalid"},
		{name: "payload tampered with", request: in(part(token, 1, root)), status: 401, reason: "signature_invalid"},
		{name: "header tampered with", request: in(part(token, 0, encode([]byte(`{"alg":"HS256"}`)))), status: 401, reason: "signature_invalid"},
		{name: "alg none, unsigned", request: in(unsigned(`{"alg":"none","typ":"JWT"}`, documentedPayload)), status: 401, reason: "algorithm_not_allowed"},
		{name: "another secret", request: in(signed("guess", "apinto", "John Doe", hour)), status: 401, reason: "signature_invalid"},
		{name: "other issuer", request: in(signed(documentedSecret, "elsewhere", "John Doe", hour)), status: 401, reason: "issuer_mismatch"},
		{name: "unknown user", request: in(signed(documentedSecret, "apinto", "Jane Doe", hour)), status: 401, reason: "user_unknown"},
		{name: `"typ": 1, unsigned`, request: in(unsigned(`{"alg":"HS256","typ":1}`, documentedPayload)), status: 401, reason: "token_malformed"},
		{name: `"alg": 1, unsigned`, request: in(unsigned(`{"alg":1,"typ":"JWT"}`, documentedPayload)), status: 401, reason: "token_malformed"},
		{name: `"iss": ["apinto"], unsigned`, request: in(unsigned(documentedHeader, `{"iss":["apinto"]}`)), status: 401, reason: "token_malformed"},
	}
}

// changing shows that a change of the configuration counts at once.
func changing(now time.Time) []line {
	hour := now.Add(61 * time.Minute) // no token that was sent before
	before := request{header: "X-Strict", token: signed(documentedSecret, "apinto", "John Doe", hour)}
	after := request{header: "X-Strict", token: signed("a new secret", "apinto", "John Doe", hour)}
	rotate := func(ctx context.Context, d *demo) error {
		if err := d.node.Replace(ctx, strictApp("a new secret")); err != nil {
			return err
		}
		return d.await(ctx, after, 200)
	}
	remove := func(ctx context.Context, d *demo) error {
		if err := d.node.Delete(ctx, strictApp("")); err != nil {
			return err
		}
		return d.await(ctx, after, 401)
	}
	return []line{
		{name: "secret changed: new token", change: rotate, request: after, status: 200},
		{name: "secret changed: old token", request: before, status: 401, reason: "signature_invalid"},
		{name: "application deleted", change: remove, request: after, status: 401},
	}
}
