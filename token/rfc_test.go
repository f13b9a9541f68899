package token_test

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// The examples of the RFCs. The comment of each shows its header and, where it is short, its payload.
//
// jws is what comes of it as a JWS, whatever its payload; jwt what comes of it as a JWT, at a time before its end: that
// is stricter, as most of the examples have payloads that are no claims.
var rfcExamples = []struct {
	section   string
	algorithm keys.Algorithm
	jwk       string
	token     string
	jws, jwt  token.Reason
}{
	// {"typ":"JWT","alg":"HS256"} {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}
	{
		"RFC 7515 A.1, RFC 7519 3.1", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc" +
			"19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		token.Accepted, token.Accepted,
	},
	// {"alg":"RS256"} {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}
	{
		"RFC 7515 A.2", keys.RS256,
		`{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}`,
		"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC" +
			"4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ" +
			"jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEs" +
			"qtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
		token.Accepted, token.Accepted,
	},
	// {"alg":"ES256"} {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}
	{
		"RFC 7515 A.3", keys.ES256,
		`{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`,
		"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.Dt" +
			"EhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
		token.Accepted, token.Accepted,
	},
	// {"alg":"ES512"} Payload
	{
		"RFC 7515 A.4", keys.ES512,
		`{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}`,
		"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7X" +
			"dtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"none"} {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}
	{
		"RFC 7515 A.5, RFC 7519 6.1", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
		token.AlgorithmNotAllowed, token.AlgorithmNotAllowed,
	},
	// {"alg":"none","crit":["http://example.com/UNDEFINED"],"http://example.com/UNDEFINED":true} FAIL
	{
		"RFC 7515 E", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORU" +
			"QiOnRydWUNCn0.RkFJTA.",
		token.CriticalUnknown, token.CriticalUnknown,
	},
	// {"alg":"RS256","kid":"bilbo.baggins@hobbiton.example"} It’s a dangerous business, Frodo, going out your door. You s…
	{
		"RFC 7520 4.1", keys.RS256,
		`{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB"}`,
		"eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kb" +
			"ywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJl" +
			"zIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtai" +
			"noFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCT" +
			"JDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDn" +
			"d6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"PS384","kid":"bilbo.baggins@hobbiton.example"} It’s a dangerous business, Frodo, going out your door. You s…
	{
		"RFC 7520 4.2", keys.PS384,
		`{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB"}`,
		"eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kb" +
			"ywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJl" +
			"zIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xE" +
			"snk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNq" +
			"iVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbB" +
			"yi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"ES512","kid":"bilbo.baggins@hobbiton.example"} It’s a dangerous business, Frodo, going out your door. You s…
	{
		"RFC 7520 4.3", keys.ES512,
		`{"kty":"EC","kid":"bilbo.baggins@hobbiton.example","use":"sig","crv":"P-521","x":"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt","y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1"}`,
		"eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kb" +
			"ywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJl" +
			"zIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUn" +
			"C9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ" +
			"2",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"HS256","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037"} It’s a dangerous business, Frodo, going out your door. You s…
	{
		"RFC 7520 4.4", keys.HS256,
		`{"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037","use":"sig","alg":"HS256","k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"}`,
		"eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzL" +
			"CBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGh" +
			"lcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"HS256","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037"}
	{
		"RFC 7520 4.5, without its detached content", keys.HS256,
		`{"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037","use":"sig","alg":"HS256","k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"}`,
		"eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9..s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7" +
			"g1Md7p0",
		token.SignatureInvalid, token.TokenMalformed,
	},
	// {"alg":"HS256"} $.02
	{
		"RFC 7797 4.1", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ",
		token.Accepted, token.TokenMalformed,
	},
	// {"alg":"HS256","b64":false,"crit":["b64"]} $.02
	{
		"RFC 7797 4.2, payload as it is", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02.A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
		token.TokenMalformed, token.TokenMalformed,
	},
	// {"alg":"HS256","b64":false,"crit":["b64"]}
	{
		"RFC 7797 4.2, payload detached", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
		token.TokenMalformed, token.TokenMalformed,
	},
	// {"alg":"HS256","b64":false,"crit":["b64"]} This is the payload string! (as it is)
	{
		"RFC 7797 5.2, the example of the IETF cookbook", keys.HS256,
		`{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
		"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.This is the payload string!.ciks0B6Hs-amhOqxI5_iG6mPKnMDlWCb7" +
			"J2Wu7mtIcg",
		token.TokenMalformed, token.TokenMalformed,
	},
	// {"alg":"EdDSA"} Example of Ed25519 signing
	{
		"RFC 8037 A.4", keys.EdDSA,
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
		"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGj" +
			"g5BhVsPt9g7sVvpAr_MuM0KAg",
		token.Accepted, token.TokenMalformed,
	},
}

func TestRFCExamples(t *testing.T) {
	for _, example := range rfcExamples {
		t.Run(example.section, func(t *testing.T) {
			set, _, err := keys.ParseJWKS([]byte(example.jwk), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(example.algorithm), Strict: true})
			if err != nil {
				t.Fatal(err)
			}
			c, err := token.ParseCompact(example.token)
			if err == nil {
				err = c.Verify(set.Keys()[0])
			}
			if got := token.ReasonOf(err); got != example.jws {
				t.Errorf("as JWS: got %v, want %v", err, example.jws)
			}
			if got := token.ReasonOf(verifyRFC(set, example.token, 1300819379)); got != example.jwt {
				t.Errorf("as JWT: got %v, want %v", got, example.jwt)
			}
		})
	}
}

// verifyRFC judges a token of the issuer joe, at a time in seconds.
func verifyRFC(set *keys.Set, raw string, now int64) error {
	u, err := token.Parse(raw)
	if err != nil {
		return err
	}
	v, err := u.Verify(set)
	if err != nil {
		return err
	}
	return (&token.Expected{Issuer: "joe"}).Check(v, time.Unix(now, 0))
}

// The JWTs of RFC 7515 A.1 to A.3 end at 1300819380.
func TestRFCExamplesEnd(t *testing.T) {
	for _, example := range rfcExamples[:3] {
		set, _, err := keys.ParseJWKS([]byte(example.jwk), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(example.algorithm), Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := token.ReasonOf(verifyRFC(set, example.token, 1300819380)); got != token.TokenExpired {
			t.Errorf("%s: got %v", example.section, got)
		}
	}
}

// RFC 7515 A.6 and A.7: the JSON serialisations of the signatures of A.2 and A.3 are refused; a JWT is always compact
// (RFC 7519 §1).
func TestRFCJSONSerialisations(t *testing.T) {
	rs, es := strings.Split(rfcExamples[1].token, "."), strings.Split(rfcExamples[2].token, ".")
	tests := map[string]string{
		"A.6": `{"payload":"` + rs[1] + `","signatures":[` +
			`{"protected":"` + rs[0] + `","header":{"kid":"2010-12-29"},"signature":"` + rs[2] + `"},` +
			`{"protected":"` + es[0] + `","header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"signature":"` + es[2] + `"}]}`,
		"A.7": `{"payload":"` + es[1] + `","protected":"` + es[0] + `",` +
			`"header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"signature":"` + es[2] + `"}`,
	}
	for section, text := range tests {
		if _, err := token.ParseCompact(text); token.ReasonOf(err) != token.TokenMalformed {
			t.Errorf("%s: got %v", section, err)
		}
	}
}
