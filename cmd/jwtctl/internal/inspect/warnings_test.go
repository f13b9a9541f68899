package inspect

import (
	"slices"
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	const (
		hs256 = `{"alg":"HS256"}`
		live  = `{"iat":1769860000,"exp":1769861000}` // round testNow, 1769860800
		mac   = "0123456789abcdef0123456789abcdef"
	)
	tests := []struct {
		name, raw string
		want      []string // a part of each
	}{
		{"none", encode(hs256, live, mac), nil},
		{"alg none", encode(`{"alg":"nOnE"}`, live, ""), []string{`"nOnE": the token claims to need no signature`}},
		{"alg in small letters", encode(`{"alg":"hs256"}`, live, mac), []string{`"hs256" is written in the wrong case`}},
		{"alg EDDSA", encode(`{"alg":"EDDSA"}`, live, mac), []string{"is written in the wrong case"}},
		{"alg unknown", encode(`{"alg":"ES256K"}`, live, mac), []string{`"ES256K" can be in no rule`}},
		{"alg not a text", encode(`{"alg":1}`, live, mac), nil},
		{"no signature", encode(hs256, live, ""), []string{"the signature is empty"}},
		{"no third part", strings.TrimSuffix(encode(hs256, live, ""), "."), nil},
		{"short MAC", encode(hs256, live, mac[1:]), []string{"the signature has 31 bytes, HS256 makes 32"}},
		{"MAC of another algorithm", encode(`{"alg":"HS512"}`, live, mac), []string{"has 32 bytes, HS512 makes 64"}},
		{"ES256 in DER", encode(`{"alg":"ES256"}`, live, "\x30\x40"+mac+mac), []string{"looks like ASN.1 DER"}},
		{"ES512 in DER", encode(`{"alg":"ES512"}`, live, "\x30\x81\x80"+mac+mac+mac+mac), []string{"looks like ASN.1 DER"}},
		{"ES256 cut", encode(`{"alg":"ES256"}`, live, mac), []string{"has 32 bytes, ES256 makes 64"}},
		{"RSA short", encode(`{"alg":"PS256"}`, live, mac), []string{"shorter than 2048 bits"}},
		{"RSA", encode(`{"alg":"PS256"}`, live, strings.Repeat(mac, 8)), nil},
		{"keys in the header", encode(`{"alg":"HS256","jku":"https://evil","jwk":{}}`, live, mac), []string{"(jku)", "(jwk)"}},
		{"names in another case", encode(`{"alg":"HS256","Kid":"k"}`, `{"iat":1769860000,"exp":1769861000,"ISS":"i"}`, mac), []string{`"Kid" is not "kid"`, `"ISS" is not "iss"`}},
		{"Kelvin sign", encode("{\"alg\":\"HS256\",\"\u212aid\":\"k\"}", live, mac), []string{`is not "kid"`}},
		{"no exp", encode(hs256, `{}`, mac), []string{"it has no exp"}},
		{"EXP only", encode(hs256, `{"EXP":1}`, mac), []string{`"EXP" is not "exp"`, "it has no exp"}},
		{"exp a text", encode(hs256, `{"exp":"1"}`, mac), nil},
		{"milliseconds", encode(hs256, `{"iat":1769860000000,"exp":1769861000000}`, mac), []string{"iat looks like milliseconds", "exp looks like milliseconds", "issued in the future"}},
		{"long life from iat", encode(hs256, `{"iat":1769860000,"exp":1777636001}`, mac), []string{"it lives long: 90 days"}},
		{"90 days from iat", encode(hs256, `{"iat":1769860000,"exp":1777636000}`, mac), nil},
		{"long life from nbf", encode(hs256, `{"nbf":1769860000,"exp":1777722400}`, mac), []string{"it lives long: 91 days"}},
		{"long life from now", encode(hs256, `{"exp":1777723201}`, mac), []string{"it lives long: for another 91 days"}},
		{"ends before it begins", encode(hs256, `{"nbf":1769861000,"exp":1769861000}`, mac), []string{"it ends before it begins"}},
		{"ends before it was issued", encode(hs256, `{"iat":1769860500,"exp":1769860400}`, mac), []string{"it ends before it begins"}},
		{"issued in the future", encode(hs256, `{"iat":1769860900,"exp":1769861000}`, mac), []string{"issued in the future"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := New(tt.raw, testNow).Warnings()
			if !slices.EqualFunc(got, tt.want, strings.Contains) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}
