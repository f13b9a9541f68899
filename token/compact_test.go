package token_test

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

func TestParseCompact(t *testing.T) {
	const header, payload, signature = "eyJhbGciOiJIUzI1NiJ9", "e30", "AAEC" // {"alg":"HS256"} {} 000102
	long := jwttest.Encode([]byte(`{"alg":"HS256","x":"` + strings.Repeat("x", token.MaxSize) + `"}`))
	fill := func(size int) string {
		return header + "." + payload + "." + strings.Repeat("A", size-len(header)-len(payload)-2)
	}
	tests := []struct {
		name, raw string
		reason    token.Reason
		part      string
	}{
		{"good", header + "." + payload + "." + signature, token.Accepted, ""},
		{"empty signature", header + "." + payload + ".", token.Accepted, ""},
		{"empty payload", header + ".." + signature, token.Accepted, ""},
		{"payload that is no JSON", header + ".AAEC." + signature, token.Accepted, ""},
		{"the largest", fill(token.MaxSize), token.Accepted, ""},
		{"one byte too large", fill(token.MaxSize + 1), token.TokenTooLarge, ""},
		{"much too large, not even dots", strings.Repeat("x", 1<<20), token.TokenTooLarge, ""},
		{"large header", long + "." + payload + "." + signature, token.TokenTooLarge, ""},
		{"nothing", "", token.TokenMalformed, ""},
		{"no dot", header, token.TokenMalformed, ""},
		{"one dot", header + "." + payload, token.TokenMalformed, ""},
		{"three dots", header + "." + payload + "." + signature + ".", token.TokenMalformed, ""},
		{"five parts", header + "." + payload + "." + signature + ".AAAA.AAAA", token.TokenMalformed, ""},
		{"dots alone", "..", token.TokenMalformed, "header"},
		{"empty header", "." + payload + "." + signature, token.TokenMalformed, "header"},
		{"header padded", header + "=." + payload + "." + signature, token.TokenMalformed, "header"},
		{"payload padded", header + ".e30=." + signature, token.TokenMalformed, "payload"},
		{"signature padded", header + "." + payload + ".AAE=", token.TokenMalformed, "signature"},
		{"header with stray bits", "eyJhbGciOiJIUzI1NiJ9" + "IB." + payload + "." + signature, token.TokenMalformed, "header"}, // a blank behind it, as "IA"
		{"header with a blank behind it", "eyJhbGciOiJIUzI1NiJ9" + "IA." + payload + "." + signature, token.Accepted, ""},
		{"payload with stray bits", header + ".e31." + signature, token.TokenMalformed, "payload"},
		{"signature with stray bits", header + "." + payload + ".AAF", token.TokenMalformed, "signature"},
		{"standard alphabet", header + "." + payload + ".++//", token.TokenMalformed, "signature"},
		{"URL alphabet", header + "." + payload + ".--__", token.Accepted, ""},
		{"LF in the header", header[:4] + "\n" + header[4:] + "." + payload + "." + signature, token.TokenMalformed, "header"},
		{"CR in the payload", header + ".\re30." + signature, token.TokenMalformed, "payload"},
		{"LF behind the signature", header + "." + payload + "." + signature + "\n", token.TokenMalformed, "signature"},
		{"blank in front", " " + header + "." + payload + "." + signature, token.TokenMalformed, "header"},
		{"one letter", header + ".A." + signature, token.TokenMalformed, "payload"},
		{"NUL", header + "." + payload + ".\x00", token.TokenMalformed, "signature"},
		{"not ASCII", header + "." + payload + ".é\xff", token.TokenMalformed, "signature"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := token.ParseCompact(test.raw)
			wantReason(t, err, test.reason, test.part)
			if (c == nil) != (err != nil) {
				t.Errorf("got %v and %v", c, err)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	tests := []struct {
		name, header string
		reason       token.Reason
		part         string
	}{
		{"alg alone", `{"alg":"HS256"}`, token.Accepted, ""},
		{"unknown alg", `{"alg":"none"}`, token.Accepted, ""}, // for the key to refuse
		{"empty alg", `{"alg":""}`, token.Accepted, ""},
		{"every ignored parameter", `{"alg":"HS256","jku":1,"x5u":[],"jwk":"x","x5c":null,"x5t":0,"x5t#S256":{},"cty":7,"x":true}`, token.Accepted, ""},
		{"escaped name", `{"\u0061lg":"HS256"}`, token.Accepted, ""},
		{"b64 true", `{"alg":"HS256","b64":true}`, token.Accepted, ""},
		{"no alg", `{"typ":"JWT"}`, token.TokenMalformed, "header.alg"},
		{"nothing", `{}`, token.TokenMalformed, "header.alg"},
		{"ALG", `{"ALG":"HS256"}`, token.TokenMalformed, "header.alg"},
		{"alg number", `{"alg":1}`, token.TokenMalformed, "header.alg"},
		{"alg null", `{"alg":null}`, token.TokenMalformed, "header.alg"},
		{"alg list", `{"alg":["HS256"]}`, token.TokenMalformed, "header.alg"},
		{"typ number", `{"alg":"HS256","typ":1}`, token.TokenMalformed, "header.typ"},
		{"kid number", `{"alg":"HS256","kid":1}`, token.TokenMalformed, "header.kid"},
		{"kid null", `{"alg":"HS256","kid":null}`, token.TokenMalformed, "header.kid"},
		{"crit", `{"alg":"HS256","crit":["x"],"x":1}`, token.CriticalUnknown, "header.crit"},
		{"crit of what is known", `{"alg":"HS256","crit":["alg"]}`, token.CriticalUnknown, "header.crit"},
		{"crit b64", `{"alg":"HS256","crit":["b64"],"b64":true}`, token.CriticalUnknown, "header.crit"},
		{"crit empty", `{"alg":"HS256","crit":[]}`, token.TokenMalformed, "header.crit"},
		{"crit empty, with blanks", `{"alg":"HS256","crit":[ ]}`, token.TokenMalformed, "header.crit"},
		{"crit with an empty name", `{"alg":"HS256","crit":["x",""]}`, token.TokenMalformed, "header.crit"},
		{"crit with a number", `{"alg":"HS256","crit":["x",1]}`, token.TokenMalformed, "header.crit"},
		{"crit string", `{"alg":"HS256","crit":"x"}`, token.TokenMalformed, "header.crit"},
		{"crit object", `{"alg":"HS256","crit":{"x":1}}`, token.TokenMalformed, "header.crit"},
		{"crit null", `{"alg":"HS256","crit":null}`, token.TokenMalformed, "header.crit"},
		{"crit number", `{"alg":"HS256","crit":0}`, token.TokenMalformed, "header.crit"},
		{"b64 false", `{"alg":"HS256","b64":false}`, token.TokenMalformed, "header.b64"},
		{"b64 string", `{"alg":"HS256","b64":"true"}`, token.TokenMalformed, "header.b64"},
		{"zip", `{"alg":"HS256","zip":"DEF"}`, token.TokenMalformed, "header.zip"},
		{"list", `["alg"]`, token.TokenMalformed, "header"},
		{"no JSON", `alg`, token.TokenMalformed, "header"},
		{"twice", `{"alg":"HS256","alg":"HS256"}`, token.TokenMalformed, "header"},
		{"something behind", `{"alg":"HS256"}x`, token.TokenMalformed, "header"},
		{"not UTF-8", "{\"alg\":\"HS256\",\"x\":\"\xff\"}", token.TokenMalformed, "header"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := token.ParseCompact(signed(t, test.header, `no claims`))
			wantReason(t, err, test.reason, test.part)
		})
	}
}

// What a token says can be asked before anything is proven.
func TestUntrusted(t *testing.T) {
	// {"alg":"HS512","typ":"at+jwt","kid":"k\n1"} {"iss":"i","iat":1,"nbf":2,"exp":3.5}
	raw := signed(t, `{"alg":"HS512","typ":"at+jwt","kid":"k\u000a1"}`, `{"iss":"i","iat":1,"nbf":2,"exp":3.5}`)
	c, err := token.ParseCompact(raw)
	must.Succeed(t, err)
	u, err := token.Parse(raw)
	must.Succeed(t, err)
	kid, has := c.UntrustedKeyID()
	if c.UntrustedAlgorithm() != "HS512" || c.UntrustedType() != "at+jwt" || kid != "k\n1" || !has {
		t.Errorf("got %s, %s, %q", c.UntrustedAlgorithm(), c.UntrustedType(), kid)
	}
	if c.UntrustedHeader() != u.UntrustedHeader() || c.UntrustedPayload() != u.UntrustedPayload() || !strings.HasPrefix(u.UntrustedPayload(), `{"iss"`) {
		t.Errorf("got %s, %s", c.UntrustedHeader(), u.UntrustedPayload())
	}
	kid, has = u.UntrustedKeyID()
	iat, nbf, exp := u.UntrustedDates()
	if u.Raw() != raw || u.UntrustedAlgorithm() != "HS512" || u.UntrustedIssuer() != "i" || kid != "k\n1" || !has ||
		iat.Seconds() != 1 || nbf.Seconds() != 2 || exp.Seconds() != 3.5 {
		t.Errorf("got %+v", u)
	}
	if got := u.Lookup(); got != (token.Lookup{Algorithm: keys.HS512, Issuer: "i", KeyID: "k\n1", HasKeyID: true}) {
		t.Errorf("got %+v", got)
	}
	u, err = token.Parse(claimed(t, `{}`))
	must.Succeed(t, err)
	if got := u.Lookup(); got != (token.Lookup{Algorithm: keys.HS256}) {
		t.Errorf("got %+v", got)
	}
}

func TestFingerprint(t *testing.T) {
	for raw, want := range map[string]string{ // sha256("") and sha256("abc"), FIPS 180-4
		"": "sha256:e3b0c44298fc1c14", "abc": "sha256:ba7816bf8f01cfea",
	} {
		if got := token.Fingerprint(raw); got != want {
			t.Errorf("%q: got %s", raw, got)
		}
	}
}

// What a refused token was parsed into serves the next one, and nothing of it stays.
func TestDiscard(t *testing.T) {
	rich := claimed(t, `{"iss":"i","sub":"s","jti":"j","aud":"a","iat":1,"nbf":2,"exp":3,"x":1}`)
	poor := signed(t, `{"alg":"HS256"}`, `{}`)
	for range 100 {
		u, err := token.Parse(rich)
		must.Succeed(t, err)
		u.Discard()
		v := verified(t, poor)
		if v.Issuer() != "" || v.Subject() != "" || v.ID() != "" || v.Expires().IsSet() || v.NotBefore().IsSet() || v.IssuedAt().IsSet() || v.Payload() != "{}" {
			t.Fatalf("claims of another token: %s", v.Payload())
		}
		for _, bad := range []string{rich[:len(rich)-1] + "!", "x", signed(t, `{"alg":"HS256","kid":"k"}`, `{"iss":1}`)} {
			if _, err := token.Parse(bad); err == nil {
				t.Fatal("accepted")
			}
		}
		if v.Payload() != "{}" || v.Raw() != poor {
			t.Fatal("a verified token has changed with a later one")
		}
	}
}

// The limits that are documented.
func TestLimits(t *testing.T) {
	if token.MaxSize != 16<<10 || token.MaxKeys != 8 {
		t.Errorf("a token of %d bytes, %d keys", token.MaxSize, token.MaxKeys)
	}
}
