package token_test

import (
	"testing"

	"apinto-jwt/token"
)

func TestClaims(t *testing.T) {
	tests := []struct {
		name, payload string
		reason        token.Reason
		part          string
	}{
		{"none", `{}`, token.Accepted, ""},
		{"all", `{"iss":"i","sub":"s","aud":["a","b"],"exp":2e9,"nbf":1.5,"iat":-1,"jti":"j"}`, token.Accepted, ""},
		{"empty strings", `{"iss":"","sub":"","aud":"","jti":""}`, token.Accepted, ""},
		{"empty audience", `{"aud":[]}`, token.Accepted, ""},
		{"other case, other type", `{"ISS":1,"Exp":"x","AUD":1}`, token.Accepted, ""},
		{"iss number", `{"iss":1}`, token.TokenMalformed, "payload.iss"},
		{"iss list", `{"iss":["i"]}`, token.TokenMalformed, "payload.iss"},
		{"sub null", `{"sub":null}`, token.TokenMalformed, "payload.sub"},
		{"jti number", `{"jti":1}`, token.TokenMalformed, "payload.jti"},
		{"aud number", `{"aud":1}`, token.TokenMalformed, "payload.aud"},
		{"aud null", `{"aud":null}`, token.TokenMalformed, "payload.aud"},
		{"aud object", `{"aud":{"0":"a"}}`, token.TokenMalformed, "payload.aud"},
		{"aud of numbers", `{"aud":[1]}`, token.TokenMalformed, "payload.aud"},
		{"aud, the last no string", `{"aud":["a",null]}`, token.TokenMalformed, "payload.aud"},
		{"aud, the first no string", `{"aud":[true,"a"]}`, token.TokenMalformed, "payload.aud"},
		{"aud of lists", `{"aud":[["a"]]}`, token.TokenMalformed, "payload.aud"},
		{"exp string", `{"exp":"1"}`, token.TokenMalformed, "payload.exp"},
		{"nbf null", `{"nbf":null}`, token.TokenMalformed, "payload.nbf"},
		{"iat object", `{"iat":{}}`, token.TokenMalformed, "payload.iat"},
		{"list", `[]`, token.TokenMalformed, "payload"},
		{"nothing", ``, token.TokenMalformed, "payload"},
		{"no JSON", `{"iss":}`, token.TokenMalformed, "payload"},
		{"twice", `{"a":1,"a":1}`, token.TokenMalformed, "payload"},
		{"a token", `eyJhbGciOiJIUzI1NiJ9.e30.AAAA`, token.TokenMalformed, "payload"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := token.Parse(claimed(t, test.payload))
			wantReason(t, err, test.reason, test.part)
		})
	}
}

func TestType(t *testing.T) {
	for typ, want := range map[string]token.Reason{
		"JWT": token.Accepted, "jwt": token.Accepted, "at+jwt": token.Accepted, "AT+JWT": token.Accepted, "application/jwt": token.Accepted,
		"Application/At+Jwt": token.Accepted, "a+jwt": token.Accepted,
		"": token.TypeNotAllowed, "+jwt": token.TypeNotAllowed, "jwt+": token.TypeNotAllowed, "JWS": token.TypeNotAllowed, "JOSE": token.TypeNotAllowed,
		"application/": token.TypeNotAllowed, "application/+jwt": token.TypeNotAllowed, "JWT ": token.TypeNotAllowed, "application/application/jwt": token.TypeNotAllowed,
		"atjwt": token.TypeNotAllowed,
	} {
		t.Run(typ, func(t *testing.T) {
			part := ""
			if want != token.Accepted {
				part = "header.typ"
			}
			_, err := token.Parse(signed(t, `{"alg":"HS256","typ":"`+typ+`"}`, `{}`))
			wantReason(t, err, want, part)
			if token.TypeAllowed(typ) != (want == token.Accepted) {
				t.Errorf("TypeAllowed is %v", token.TypeAllowed(typ))
			}
		})
	}
}

func TestVerifiedClaims(t *testing.T) {
	const payload = `{"iss":"\u0069","sub":"s","jti":"j","exp":3,"nbf":2,"iat":1}`
	raw := signed(t, `{"kid":"k","alg":"HS256"}`, payload)
	v := verified(t, raw)
	kid, has := v.KeyID()
	if v.Issuer() != "i" || v.Subject() != "s" || v.ID() != "j" || kid != "k" || !has || v.Raw() != raw || v.Payload() != payload ||
		v.Header() != `{"kid":"k","alg":"HS256"}` || v.Expires().Seconds() != 3 || v.NotBefore().Seconds() != 2 || v.IssuedAt().Seconds() != 1 {
		t.Errorf("got %s %s", v.Header(), v.Payload())
	}
	if v.Key() == nil || v.Lookup().Issuer != "i" {
		t.Error("key or issuer")
	}
	if _, has := verified(t, claimed(t, `{}`)).KeyID(); has {
		t.Error("a key ID where there is none")
	}
}
